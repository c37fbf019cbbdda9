//! What a language's file holds, part by part. English beside each key says what it is for.

use serde::Deserialize;

use super::phrase::Phrase;

/// Texts that are nothing but texts.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($key:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(pub(crate) $key: Phrase,)+
        }
    };
}

texts! {
    /// What a language is called.
    Name { name, in_english }
}

/// How days and times are said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    pub(in crate::domain) days: [Phrase; 7],
    pub(in crate::domain) months: [Phrase; 12],
    pub(in crate::domain) day: Phrase,
    pub(in crate::domain) full: Phrase,
    pub(in crate::domain) today: Phrase,
    pub(in crate::domain) weekday: Phrase,
    pub(in crate::domain) hours: i8,
    pub(in crate::domain) before_noon: Phrase,
    pub(in crate::domain) after_noon: Phrase,
    pub(in crate::domain) time: Phrase,
    pub(in crate::domain) clock: Phrase,
    pub(in crate::domain) clock_at_one: Phrase,
    pub(in crate::domain) moment: Phrase,
    pub(in crate::domain) day_and_time: Phrase,
}

/// How several names are said, and words before a name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    pub(in crate::domain) or: Phrase,
    pub(in crate::domain) and: Phrase,
    pub(in crate::domain) or_changed: Phrase,
    pub(in crate::domain) or_sounds: Phrase,
    pub(in crate::domain) and_changed: Phrase,
    pub(in crate::domain) and_sounds: Phrase,
    pub(in crate::domain) unheard: Phrase,
    pub(in crate::domain) melting: Vec<Melting>,
}

texts! {
    /// A word that melts into a name's article: in Spanish *de* and *el* become *del*.
    Melting { word, article, becomes }
}

texts! {
    /// One letter.
    Letter { subject, body }
}

/// The letters, and what stands in them for a fact that is not known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    pub(crate) help: Phrase,
    pub(crate) no_outage: Phrase,
    pub(crate) no_day: Phrase,
    pub(crate) no_phone: Phrase,
    pub(crate) no_website: Phrase,
    pub(crate) apology: Letter,
    pub(crate) tried_to_call: Letter,
    pub(crate) could_not_reach: Letter,
    pub(crate) confirmation: Letter,
    pub(crate) callback_reminder: Letter,
}

texts! {
    /// The citizen's pages.
    Citizen {
        skip,
        help,
        title,
        about,
        hello,
        hello_unnamed,
        settled,
        thanks,
        down,
        down_between,
        tried,
        failed,
        sorry,
        not_charged,
        pay_now_told,
        due,
        due_passed,
        unknown,
        unknown_more,
        charged,
        charged_more,
        charged_twice,
        charged_twice_more,
        pay_now,
        pay_yourself,
        tell_settled,
        tell,
        tell_or,
        have_paid,
        have_paid_more,
        seen_taken,
        seen_taken_more,
        not_taken,
        not_taken_more,
        call_me,
        call_me_more,
        need_help,
        need_help_more,
        stop,
        stop_more,
        stop_not_charged,
        stop_unknown,
        stop_charged,
        send,
        change_until,
        this_is_for,
        not_me,
        no_times,
        times,
        times_hint,
        nearest,
        one_free,
        many_free,
        morning,
        afternoon,
        evening,
        other_number,
        number,
        number_hint,
        call_language,
        no_choice,
        no_time,
        full,
        too_often,
        wrong_digits,
        locked,
        no_number,
        abroad,
        costly,
        show_details,
        digits,
        digits_hint,
        show,
        details_title,
        details,
        when,
        tax,
        amount,
        owed_once,
        back,
        will_call,
        day,
        time,
        at_time,
        phone,
        given_number,
        known_number,
        language,
        within,
        when_we_call,
        phone_shows,
        says_code,
        paid_done,
        paid_done_more,
        taken_done,
        taken_done_more,
        not_taken_done,
        not_taken_done_more,
        help_done,
        help_done_more,
        stop_done,
        stop_done_more,
        change,
        real,
        real_more,
        check,
        check_more,
        ours,
        ours_more,
        not_ours,
        not_ours_more,
        checked_often,
        checked_often_more,
        code,
        code_hint,
        phone_digits,
        phone_digits_hint,
        check_it,
        letter_title,
        letter_get,
        letter_hint,
        letter_open,
        letter_print,
        letter_to,
        letter_down,
        letter_down_between,
        letter_fault,
        letter_who,
        letter_for,
        letter_failed,
        letter_money,
        letter_not_charged,
        letter_unknown,
        letter_charged,
        letter_charged_twice,
        letter_due,
        letter_holds,
        letter_questions,
        letter_written,
        cost,
        cost_hint,
        cost_kind,
        cost_late_fee,
        cost_bank_fee,
        cost_preparer_fee,
        cost_other,
        cost_amount,
        cost_words,
        cost_words_hint,
        cost_send,
        cost_done,
        cost_done_more,
        no_amount,
        no_cost_words,
        bad_cost_words,
        costs_too_often,
        calendar,
        calendar_call,
        thank_you,
        not_theirs,
        mistake,
        expired,
        expired_more,
        no_link,
        no_link_more,
        find_us,
        unsubscribe_title,
        unsubscribed,
        unsubscribed_more,
        unsubscribe,
        unsubscribe_more,
        unsubscribe_it,
    }
}
