//! One binary for all tests that go through the public interface, so that there is one link to wait for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod agency_names;
mod api;
mod authors;
mod bounces;
mod callback_panel;
mod campaigns;
mod check_page;
mod choices;
mod citizen;
mod citizen_money;
mod claims;
mod cli;
mod conflicts;
mod correct;
mod costs;
mod crash;
mod database_away;
mod decisions;
mod demo;
mod desk;
mod diagnoses;
mod doctor;
mod evening_by_command;
mod front_door;
mod half_steps;
#[allow(dead_code)] // people can do more than today's tests need
mod harness;
mod health;
mod household;
mod imports;
mod kept;
mod known_key;
mod layers;
mod lists;
mod mailbox;
mod matching;
mod message_log;
mod migrations;
mod mixing;
mod model;
mod once;
mod order;
mod others_wish;
mod outage_window;
mod outcomes;
mod paper;
mod pay_address;
mod practice;
mod private_files;
mod promises;
mod questions;
mod queue_rules;
mod quiet_log;
mod reading;
mod reconcile;
mod recorded;
mod restored;
mod said;
mod schema;
mod search;
mod sending;
mod sessions;
mod shared_number;
mod shifts;
mod supervisor;
mod suppressed;
mod switchboard;
mod switchboards;
mod templates;
mod third_language;
mod tls;
mod walked;
mod ways_in;
