//! The tables, as Diesel sees them: one description for both databases. `tests` compare it with each.
#![allow(missing_docs)] // the macro writes undocumented items; each table says what it is for

diesel::table! {
    /// Accounts of staff.
    users (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        role -> Text,
        languages -> Text,
        specialist -> Bool,
        password_hash -> Text,
        shortcuts -> Bool,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
        password_changed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Signed-in browsers.
    sessions (id) {
        id -> BigInt,
        key_hash -> Text,
        user_id -> BigInt,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Until when a subject (hashed) has spent what it may try.
    budgets (subject) {
        subject -> Text,
        spent_until -> BigInt,
    }
}

diesel::table! {
    /// Wrong sign-ins, as the version before `budgets` counted them.
    sign_in_failures (id) {
        id -> BigInt,
        account_hash -> Text,
        source_hash -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    /// Bearer tokens, hashed.
    api_tokens (id) {
        id -> BigInt,
        user_id -> BigInt,
        label -> Text,
        token_hash -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        ending -> Nullable<Text>,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        revoked_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Links by which somebody sets their own password, hashed.
    password_links (id) {
        id -> BigInt,
        user_id -> BigInt,
        key_hash -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Incidents.
    outages (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        time_zone -> Text,
        account_format -> Nullable<Text>,
        calling_from -> Integer,
        calling_until -> Integer,
        pool_open -> Bool,
        agency_name -> Text,
        help_phone -> Text,
        pay_url -> Text,
        caller_id -> Text,
        calls_stopped_at -> Nullable<BigInt>,
        published_import_id -> BigInt,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        dealt_by -> Nullable<Text>,
        holidays -> Text,
        weights -> Nullable<Text>,
        refreshed_to -> Nullable<BigInt>,
        names -> Nullable<Text>,
    }
}

diesel::table! {
    /// What was changed in an outage's settings.
    outage_changes (id) {
        id -> BigInt,
        outage_id -> BigInt,
        field -> Text,
        old_value -> Text,
        new_value -> Text,
        user_id -> Nullable<BigInt>,
        at -> BigInt,
    }
}

diesel::table! {
    /// Uploaded files and what became of them.
    imports (id) {
        id -> BigInt,
        outage_id -> BigInt,
        kind -> Text,
        file_name -> Text,
        file_hash -> Text,
        size_bytes -> BigInt,
        state -> Text,
        layout -> Nullable<Text>,
        report -> Nullable<Text>,
        bytes_read -> BigInt,
        rows_read -> BigInt,
        problem -> Nullable<Text>,
        worked_at -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
        undone_at -> Nullable<BigInt>,
        corrects_import -> Nullable<BigInt>,
        deal_due -> Bool,
        findable_to -> Nullable<BigInt>,
        findable_at -> Nullable<BigInt>,
        worked_by -> Nullable<Text>,
        ordered_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// Column mappings remembered by header signature.
    column_matches (id) {
        id -> BigInt,
        signature -> Text,
        mapping -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Records that were not taken, with the reason.
    import_rejects (id) {
        id -> BigInt,
        import_id -> BigInt,
        line -> BigInt,
        reason -> Text,
        detail -> Text,
        record -> Text,
        corrected -> Nullable<Text>,
        taken_by_import -> Nullable<BigInt>,
        set_aside_at -> Nullable<BigInt>,
        set_aside_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Named sets of households with an owner.
    call_lists (id) {
        id -> BigInt,
        outage_id -> BigInt,
        name -> Text,
        owner_id -> Nullable<BigInt>,
        language -> Nullable<Text>,
        created_at -> BigInt,
        paper_for -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// The cases of one outage that share a phone: the unit of the queue.
    households (id) {
        id -> BigInt,
        outage_id -> BigInt,
        import_id -> BigInt,
        phone -> Text,
        time_zone -> Text,
        language -> Nullable<Text>,
        list_id -> Nullable<BigInt>,
        stage -> Text,
        due_at -> Nullable<BigInt>,
        score -> BigInt,
        skips -> Integer,
        tries -> Integer,
        citizens -> Integer,
        last_called_at -> Nullable<BigInt>,
        callback_owner_id -> Nullable<BigInt>,
        waits_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Affected citizens.
    cases (id) {
        id -> BigInt,
        outage_id -> BigInt,
        import_id -> BigInt,
        identity_key -> Text,
        household_id -> Nullable<BigInt>,
        given_name -> Text,
        family_name -> Text,
        folded_name -> Text,
        account_id -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_2 -> Nullable<Text>,
        language -> Nullable<Text>,
        state -> Nullable<Text>,
        time_zone -> Text,
        amount_cents -> Nullable<BigInt>,
        tax_type -> Nullable<Text>,
        charged -> Text,
        filing_deadline -> Nullable<Text>,
        first_failed_at -> BigInt,
        last_failed_at -> BigInt,
        opened_at -> BigInt,
        transactions -> Integer,
        code -> Text,
        stage -> Text,
        due_at -> Nullable<BigInt>,
        resolution -> Nullable<Text>,
        resolved_at -> Nullable<BigInt>,
        tries -> Integer,
    }
}

diesel::table! {
    /// Failed transactions.
    transactions (id) {
        id -> BigInt,
        outage_id -> BigInt,
        import_id -> BigInt,
        line -> BigInt,
        bin -> Text,
        dedupe_key -> Binary,
        external_id -> Nullable<Text>,
        occurred_at -> BigInt,
        account_id -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_2 -> Nullable<Text>,
        given_name -> Text,
        family_name -> Text,
        folded_name -> Text,
        amount_cents -> Nullable<BigInt>,
        tax_type -> Nullable<Text>,
        channel -> Nullable<Text>,
        error_code -> Nullable<Text>,
        language -> Nullable<Text>,
        state -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        filing_deadline -> Nullable<Text>,
        address -> Nullable<Text>,
        memo -> Nullable<Text>,
        charged -> Text,
        originals -> Nullable<Text>,
        identity_key -> Nullable<Text>,
        moved_from -> Nullable<Text>,
        next_key -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a staged import will change in cases that are there already.
    staged_changes (case_id) {
        case_id -> BigInt,
        import_id -> BigInt,
        identity_key -> Text,
        household_id -> Nullable<BigInt>,
        given_name -> Text,
        family_name -> Text,
        folded_name -> Text,
        account_id -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone_2 -> Nullable<Text>,
        language -> Nullable<Text>,
        state -> Nullable<Text>,
        time_zone -> Text,
        amount_cents -> Nullable<BigInt>,
        tax_type -> Nullable<Text>,
        charged -> Text,
        filing_deadline -> Nullable<Text>,
        first_failed_at -> BigInt,
        last_failed_at -> BigInt,
        transactions -> Integer,
    }
}

diesel::table! {
    /// Households to look at again when an import is published.
    staged_households (household_id) {
        household_id -> BigInt,
        import_id -> BigInt,
    }
}

diesel::table! {
    /// Cases to fold again when an import counts, because of a payment.
    staged_folds (case_id) {
        case_id -> BigInt,
        import_id -> BigInt,
    }
}

diesel::table! {
    /// Payments that succeeded later.
    payments (id) {
        id -> BigInt,
        outage_id -> BigInt,
        import_id -> BigInt,
        line -> BigInt,
        dedupe_key -> Binary,
        external_id -> Nullable<Text>,
        confirmation_no -> Nullable<Text>,
        occurred_at -> BigInt,
        account_id -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        given_name -> Text,
        family_name -> Text,
        folded_name -> Text,
        amount_cents -> Nullable<BigInt>,
        tax_type -> Nullable<Text>,
        channel -> Nullable<Text>,
        fate -> Text,
        matched_by -> Nullable<Text>,
        identity_key -> Nullable<Text>,
        matched_at -> Nullable<BigInt>,
        next_fate -> Nullable<Text>,
        next_matched_by -> Nullable<Text>,
        next_key -> Nullable<Text>,
        day_only -> Bool,
    }
}

diesel::table! {
    /// Callers' leases on households.
    claims (id) {
        id -> BigInt,
        outage_id -> BigInt,
        household_id -> BigInt,
        user_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        released_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Tries to reach a household.
    attempts (id) {
        id -> BigInt,
        outage_id -> BigInt,
        household_id -> BigInt,
        claim_id -> Nullable<BigInt>,
        user_id -> BigInt,
        phone -> Text,
        outcome -> Text,
        note -> Text,
        language -> Nullable<Text>,
        callback_at -> Nullable<BigInt>,
        callback_owner_id -> Nullable<BigInt>,
        scope -> Nullable<Text>,
        at -> BigInt,
        late -> Bool,
        inbound -> Bool,
        superseded_at -> Nullable<BigInt>,
        superseded_by -> Nullable<BigInt>,
        changed_by -> Nullable<BigInt>,
        changed_at -> Nullable<BigInt>,
        taken_back_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Promises to call.
    callbacks (id) {
        id -> BigInt,
        outage_id -> BigInt,
        household_id -> BigInt,
        attempt_id -> Nullable<BigInt>,
        due_at -> BigInt,
        owner_id -> Nullable<BigInt>,
        created_at -> BigInt,
        kept_at -> Nullable<BigInt>,
        kept_by -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        answer_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What citizens answered by link.
    answers (id) {
        id -> BigInt,
        case_id -> BigInt,
        choice -> Text,
        call_at -> Nullable<BigInt>,
        phone -> Nullable<Text>,
        language -> Text,
        at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Tries at what only the right person knows, as the version before `budgets` counted them.
    guesses (id) {
        id -> BigInt,
        subject -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    /// Mailings to many.
    campaigns (id) {
        id -> BigInt,
        outage_id -> BigInt,
        template_key -> Text,
        audience -> Text,
        state -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        calls_held_until -> Nullable<BigInt>,
        at_most -> Nullable<BigInt>,
        chosen_up_to -> Nullable<BigInt>,
        report -> Nullable<Text>,
        chosen_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Texts of e-mails, all versions.
    templates (id) {
        id -> BigInt,
        key -> Text,
        language -> Text,
        version -> Integer,
        subject -> Text,
        body -> Text,
        created_at -> BigInt,
        created_by -> Nullable<BigInt>,
        html -> Nullable<Text>,
    }
}

diesel::table! {
    /// The outbox.
    messages (id) {
        id -> BigInt,
        outage_id -> BigInt,
        case_id -> BigInt,
        template_key -> Text,
        language -> Text,
        to_address -> Text,
        state -> Text,
        tries -> Integer,
        queued_at -> BigInt,
        due_at -> Nullable<BigInt>,
        leased_until -> Nullable<BigInt>,
        lease -> Nullable<Text>,
        text_at -> Nullable<BigInt>,
        sent_at -> Nullable<BigInt>,
        reply -> Nullable<Text>,
        attempt_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        withdrawn_as_paid -> Bool,
        diagnosis_id -> Nullable<BigInt>,
        dated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What mail servers say of addresses that are dead.
    diagnoses (id) {
        id -> BigInt,
        cause -> Text,
        held_at -> Nullable<BigInt>,
        believed -> Nullable<Bool>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Mail servers that turned everything away.
    mail_servers (id) {
        id -> BigInt,
        place -> Text,
        trouble -> Text,
        trouble_since -> BigInt,
    }
}

diesel::table! {
    /// Where reports of e-mails that came back are read.
    bounce_boxes (id) {
        id -> BigInt,
        place -> Text,
        looked_at -> BigInt,
        trouble -> Nullable<Text>,
        trouble_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// By which a database knows that it was restored; one row.
    instances (id) {
        id -> BigInt,
        word -> Text,
        generation -> BigInt,
        home -> Text,
        key_fingerprint -> Nullable<Text>,
    }
}

diesel::table! {
    /// While one stands, no e-mail leaves.
    mail_holds (id) {
        id -> BigInt,
        because -> Text,
        held_at -> BigInt,
        held_by -> Nullable<BigInt>,
        released_at -> Nullable<BigInt>,
        released_by -> Nullable<BigInt>,
        withdrawn -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Addresses and numbers not to be contacted.
    suppressions (id) {
        id -> BigInt,
        kind -> Text,
        value -> Text,
        reason -> Text,
        attempt_id -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> BigInt,
        lifted_at -> Nullable<BigInt>,
        lifted_by -> Nullable<BigInt>,
        answer_id -> Nullable<BigInt>,
        lifted_because -> Nullable<Text>,
        person -> Nullable<Text>,
        spares -> Nullable<Text>,
        diagnosis_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// First answers to requests that may be repeated.
    idempotency_keys (id) {
        id -> BigInt,
        user_id -> BigInt,
        key -> Text,
        request_hash -> Text,
        status -> Integer,
        response -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    /// Which cases an attempt was about.
    attempt_cases (attempt_id, case_id) {
        attempt_id -> BigInt,
        case_id -> BigInt,
    }
}

diesel::table! {
    /// The zones that the households of an outage are in.
    outage_zones (outage_id, time_zone) {
        outage_id -> BigInt,
        time_zone -> Text,
    }
}

diesel::table! {
    /// What can happen in a call, and what follows.
    outcomes (key) {
        key -> Text,
        group_key -> Text,
        label -> Text,
        hint -> Text,
        hotkey -> Nullable<Text>,
        position -> Integer,
        rule -> Text,
        template_key -> Nullable<Text>,
        retired_at -> Nullable<BigInt>,
        earlier -> Nullable<Text>,
    }
}

diesel::table! {
    /// E-mail addresses that staff put right after a message came back.
    corrected_addresses (id) {
        id -> BigInt,
        case_id -> BigInt,
        email -> Text,
        replaced -> Nullable<Text>,
        user_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    /// What supervisors decided about a case; what was taken back stays for the history.
    decisions (id) {
        id -> BigInt,
        case_id -> BigInt,
        verdict -> Text,
        note -> Text,
        user_id -> BigInt,
        at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<BigInt>,
        phone -> Nullable<Text>,
    }
}

diesel::table! {
    /// Letters to citizens whom nothing else reaches; one that is withdrawn was never sent.
    letters (id) {
        id -> BigInt,
        case_id -> BigInt,
        user_id -> BigInt,
        sent_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What the agency owes a citizen for the outage, for the billing team.
    remedies (id) {
        id -> BigInt,
        case_id -> BigInt,
        kind -> Text,
        user_id -> BigInt,
        at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        kept_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<BigInt>,
        kept_by -> Nullable<BigInt>,
        attempt_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What a caller has typed about the call in hand and not recorded yet.
    note_drafts (claim_id) {
        claim_id -> BigInt,
        note -> Text,
        saved_at -> BigInt,
        done -> BigInt,
    }
}

diesel::table! {
    /// Why a caller passed a household over.
    skips (id) {
        id -> BigInt,
        household_id -> BigInt,
        user_id -> BigInt,
        reason -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    /// Calls that went from list to list in one step, so that the step can be taken back.
    list_moves (id) {
        id -> BigInt,
        outage_id -> BigInt,
        at -> BigInt,
        before -> Text,
        calls -> BigInt,
        undone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Which household came from which list.
    moved_households (move_id, household_id) {
        move_id -> BigInt,
        household_id -> BigInt,
        from_list -> Nullable<BigInt>,
        to_list -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Callers' shifts and breaks.
    shifts (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        starts_at -> BigInt,
        ends_at -> BigInt,
        entered_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(shifts -> users (user_id));

diesel::table! {
    /// Callers who needed a supervisor at their desk.
    distress_calls (id) {
        id -> BigInt,
        outage_id -> BigInt,
        user_id -> BigInt,
        at -> BigInt,
        answered_at -> Nullable<BigInt>,
        answered_by -> Nullable<BigInt>,
    }
}

diesel::joinable!(distress_calls -> outages (outage_id));

diesel::table! {
    /// What citizens say that the outage cost them, and what was decided about it.
    costs (id) {
        id -> BigInt,
        case_id -> BigInt,
        kind -> Text,
        amount_cents -> BigInt,
        words -> Text,
        at -> BigInt,
        decision -> Nullable<Text>,
        reason -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        reopened_by -> Nullable<BigInt>,
        reopened_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(costs -> cases (case_id));

diesel::table! {
    /// Cases whose text for the search is out of date.
    stale_texts (case_id) {
        case_id -> BigInt,
    }
}

diesel::joinable!(list_moves -> outages (outage_id));
diesel::joinable!(moved_households -> list_moves (move_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(outages -> users (created_by));
diesel::joinable!(outage_changes -> outages (outage_id));
diesel::joinable!(outage_changes -> users (user_id));
diesel::joinable!(imports -> outages (outage_id));
diesel::joinable!(imports -> users (created_by));
diesel::joinable!(import_rejects -> imports (import_id));
diesel::joinable!(call_lists -> outages (outage_id));
diesel::joinable!(call_lists -> users (owner_id));
diesel::joinable!(households -> outages (outage_id));
diesel::joinable!(households -> call_lists (list_id));
diesel::joinable!(cases -> outages (outage_id));
diesel::joinable!(cases -> households (household_id));
diesel::joinable!(transactions -> outages (outage_id));
diesel::joinable!(transactions -> imports (import_id));
diesel::joinable!(payments -> imports (import_id));
diesel::joinable!(staged_changes -> imports (import_id));
diesel::joinable!(staged_folds -> imports (import_id));
diesel::joinable!(staged_folds -> cases (case_id));
diesel::joinable!(claims -> outages (outage_id));
diesel::joinable!(claims -> households (household_id));
diesel::joinable!(claims -> users (user_id));
diesel::joinable!(attempts -> outages (outage_id));
diesel::joinable!(attempts -> households (household_id));
diesel::joinable!(attempts -> claims (claim_id));
diesel::joinable!(attempts -> users (user_id));
diesel::joinable!(callbacks -> outages (outage_id));
diesel::joinable!(callbacks -> households (household_id));
diesel::joinable!(answers -> cases (case_id));
diesel::joinable!(callbacks -> attempts (attempt_id));
diesel::joinable!(callbacks -> users (owner_id));
diesel::joinable!(campaigns -> outages (outage_id));
diesel::joinable!(campaigns -> users (created_by));
diesel::joinable!(templates -> users (created_by));
diesel::joinable!(messages -> outages (outage_id));
diesel::joinable!(messages -> cases (case_id));
diesel::joinable!(messages -> attempts (attempt_id));
diesel::joinable!(messages -> campaigns (campaign_id));
diesel::joinable!(suppressions -> attempts (attempt_id));
diesel::joinable!(idempotency_keys -> users (user_id));
diesel::joinable!(attempt_cases -> attempts (attempt_id));
diesel::joinable!(attempt_cases -> cases (case_id));

diesel::joinable!(corrected_addresses -> cases (case_id));
diesel::joinable!(corrected_addresses -> users (user_id));
diesel::joinable!(decisions -> cases (case_id));
diesel::joinable!(decisions -> users (user_id));
diesel::joinable!(letters -> cases (case_id));
diesel::joinable!(letters -> users (user_id));
diesel::joinable!(remedies -> cases (case_id));
diesel::joinable!(remedies -> users (user_id));
diesel::joinable!(note_drafts -> claims (claim_id));
diesel::joinable!(skips -> households (household_id));
diesel::joinable!(skips -> users (user_id));

diesel::table! {
    write_trials (id) {
        id -> BigInt,
        tried -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    budgets,
    distress_calls,
    list_moves,
    moved_households,
    answers,
    guesses,
    stale_texts,
    shifts,
    corrected_addresses,
    costs,
    decisions,
    letters,
    remedies,
    note_drafts,
    skips,
    users,
    sessions,
    sign_in_failures,
    api_tokens,
    password_links,
    outages,
    outage_changes,
    imports,
    column_matches,
    import_rejects,
    call_lists,
    households,
    cases,
    transactions,
    staged_changes,
    staged_households,
    staged_folds,
    payments,
    claims,
    attempts,
    callbacks,
    campaigns,
    templates,
    messages,
    diagnoses,
    mail_servers,
    bounce_boxes,
    instances,
    mail_holds,
    suppressions,
    idempotency_keys,
    attempt_cases,
    outage_zones,
    outcomes,
);
