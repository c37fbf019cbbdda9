//! Makegood: the people behind an outage's failed transactions, and nobody let go of.
//!
//! The modules below stand in dependency order: each imports only from those above it
//! (`tests/layers.rs` checks this). Data goes down and comes back: a page or command calls a verb
//! of [`outreach`], the verb asks pure rules of [`domain`] and writes through [`store`] in one
//! transaction.

pub mod domain;

pub mod simulation;

pub mod broken;
pub mod clock;
pub mod config;
pub mod figures;

pub mod schema;

pub mod db;

pub mod store;

pub mod reader;

pub mod mail;

pub mod outreach;

pub mod worker;

pub mod web;

pub mod api;

pub mod server;

pub mod cli;
