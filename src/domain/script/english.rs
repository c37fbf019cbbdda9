//! The script in English.

use super::phrases::{Money, Phrases};

pub(super) const ENGLISH: Phrases = Phrases {
    hello_label: "Hello",
    hello: "“Hello, this is {caller} with {agency}. May I speak with {names}?”",
    hello_several: "“Hello, this is {caller} with {agency}. May I speak with {names}? Who is this, please?”",
    hello_promised: "“Hello, this is {caller} with {agency}. May I speak with {names}? I am calling at the time that was \
                     agreed.”",
    hello_specialist: "“Hello, this is {caller}, a payments specialist with {agency}. May I speak with {names}?”",
    hello_rang: "“Thank you for calling {agency}. This is {caller}. Who am I speaking with?”",
    rang_replies: &[(
        "Somebody else",
        "“I can speak only with the person who tried to pay. Please ask them to call.”",
        Some("someone_else"),
    )],
    hello_replies: &[
        (
            "Somebody else",
            "“Please ask them to call us at {phone}. Thank you.” Say nothing else: not what it is about, not that \
             there was a payment.",
            Some("someone_else"),
        ),
        (
            "Wrong number",
            "“I’m sorry to have troubled you.”",
            Some("wrong_number"),
        ),
        (
            "Another language",
            "“One moment, please. A colleague will call in your language.”",
            Some("other_language"),
        ),
        (
            "They have died",
            "“I’m very sorry. Thank you for telling me.” End the call there.",
            Some("deceased"),
        ),
    ],
    office: "“Hello, this is {caller} with {agency}. Is this the office of a tax preparer?”",
    office_replies: &[
        (
            "Yes",
            "“Some people gave us your number. Please ask your clients to call us at {phone}.” Say no name and no count.",
            Some("someone_else"),
        ),
        (
            "They act for a client",
            "“A specialist will check your authority and call you about it. When is a good time?”",
            Some("needs_help"),
        ),
        (
            "No",
            "“May I speak with the person who tried to pay?” Choose them, then their own words come up.",
            None,
        ),
    ],
    sure_label: "Make sure",
    sure_known: "Thank you, {name}. ",
    sure_code: "You can check that this call is real: our e-mail to you has the code {code}. ",
    sure_never: "I won’t ask for money, or for any card, bank or Social Security number.",
    sure_check: " You may hang up and call {phone} to check.",
    sure_is: " Is this {name}?",
    sure_is_unnamed: " Did you try to pay us?",
    sure_end: "”",
    sure_rang: "“When did you try to pay?” It was {tried}. Never ask for a number or a code.",
    sure_rang_code: " If they give the code {code}, it is right.",
    sure_replies: &[
        (
            "No",
            "“Then please ask them to call us at {phone}.” Say nothing else.",
            Some("someone_else"),
        ),
        ("Not now", "“When may we call you back?”", Some("call_back")),
        (
            "They refuse, or hang up",
            "“Thank you for your time.” Do not call back.",
            Some("refused"),
        ),
    ],
    why_label: "Why I called",
    down: "Our payment system was down {window}. ",
    failed: "Your payment did not go through. ",
    failed_often: "You tried {times}, and your payment did not go through. ",
    failed_amount: "Your payment of {amount} did not go through. ",
    failed_amount_often: "You tried {times}, and your payment of {amount} did not go through. ",
    sorry: "We are sorry. ",
    why_promised: "“You asked us to call at {promised}. ",
    why_specialist: "“You asked us for help with your payment, and I can help you now. ",
    why_rang: "“Thank you. ",
    check: Money {
        said: "“On {told} you told us that you would pay. I only want to know if it worked.”",
        ask: "“Did the payment work?”",
        replies: &[
            (
                "Yes",
                "“Thank you. It can take a day until we see it. You need to do nothing more.”",
                Some("all_set"),
            ),
            (
                "It failed again",
                "“I’m sorry. A specialist will call you. When is a good time?”",
                Some("needs_help"),
            ),
            ("Not yet", "“It works again, at {site}.”", Some("will_pay")),
        ],
        seldom: &[],
    },
    ask_specialist: "“May I tell you what we do now?”",
    specialist_replies: &[
        (
            "Settled",
            "“Thank you. You need to do nothing more.” Tick what is owed to them on their case.",
            Some("all_set"),
        ),
        (
            "It needs more",
            "“I’ll look into it and call you back. When is a good time?”",
            Some("call_back"),
        ),
        (
            "It is not yours to settle",
            "Give it to another specialist, with your note.",
            Some("needs_help"),
        ),
    ],
    ask_rang: "“How can I help you?” ",
    not_charged: Money {
        said: "We did not take your money. If your bank shows a hold, it should drop off in a few days.”",
        ask: "“Have you been able to pay since then?”",
        replies: &[
            (
                "Yes",
                "“Thank you. There is nothing more to do.”",
                Some("all_set"),
            ),
            ("Not yet", "“It works again, at {site}.”", Some("will_pay")),
            (
                "It still fails",
                "“A specialist will call you. When is a good time?”",
                Some("needs_help"),
            ),
        ],
        seldom: &[],
    },
    unknown: Money {
        said: "We do not know yet whether your money was taken, and we are checking it.”",
        ask: "“Do you see this payment on your bank or card statement?”",
        replies: &[
            (
                "Yes, it is there",
                "“Please do not pay again. A specialist will look at it and call you. When is a good time?”",
                Some("needs_help"),
            ),
            (
                "No, it is not",
                "“Then you can pay again, at {site}. If it shows up twice later, call us, and we will put it right.”",
                Some("will_pay"),
            ),
        ],
        seldom: &[
            (
                "They have to look",
                "“Please do not pay before. When may we call you back?”",
                Some("call_back"),
            ),
            (
                "They paid since",
                "“Thank you. There is nothing more to do.”",
                Some("all_set"),
            ),
        ],
    },
    charged: Money {
        said: "Your money was taken, but it was not recorded as paid. Please do not pay again: we will put it right.”",
        ask: "“A specialist will call you about it. When is a good time?”",
        replies: &[
            (
                "They name a time",
                "“Thank you. You need to do nothing until then.”",
                Some("needs_help"),
            ),
            (
                "It is settled",
                "“Thank you. There is nothing more to do.”",
                Some("all_set"),
            ),
        ],
        seldom: &[],
    },
    charged_twice: Money {
        said: "Your money was taken twice. Please do not pay again: we will put it right.”",
        ask: "“A specialist will call you about the second charge. When is a good time?”",
        replies: &[
            (
                "They name a time",
                "“Thank you. You need to do nothing until then.”",
                Some("needs_help"),
            ),
            (
                "It is settled",
                "“Thank you. There is nothing more to do.”",
                Some("all_set"),
            ),
        ],
        seldom: &[],
    },
    ask_label: "Ask",
    ask_replies: &[
        (
            "Not a good time",
            "“When should we call back?”",
            Some("call_back"),
        ),
        (
            "No more calls, please",
            "“We won’t call you again. You find us at {site}.”",
            Some("do_not_call"),
        ),
    ],
    deadline: " “Your due date is {date}.”",
    deadline_passed: " “Your due date was {date}. Please pay when you can.”",
    message_label: "Message",
    message: "“Hello, this is {caller} with {agency}, with a message for {names}. Please call us back at {phone}. \
              Thank you.”",
    message_to_nobody: "“Hello, this is {caller} with {agency}. Please call us back at {phone}. Thank you.”",
    message_reply: (
        "Then",
        "Hang up. Nothing else: no further name, no reason, no amount, no code.",
        Some("voicemail"),
    ),
    no_message: "Hang up without a message: one was left less than three days ago.",
    no_message_reply: ("Then", "No message was left.", Some("no_answer")),
    doubt: "“You’re right to check. Please hang up, look up our number on our website or on a letter from us, and give \
            the code {code}. My colleagues will see your case.” Never ask them to tell you the code, or any number.",
    doubt_without_code: "“You’re right to check. Please hang up, look up our number on our website or on a letter from \
                         us, and call us. My colleagues will see your case.” Never ask them for any number.",
    also: &[
        (
            "They are hard of hearing",
            "Slower, shorter sentences, one thing at a time. Note it, so that the next call starts that way.",
        ),
        (
            "A relay operator or interpreter is on the line",
            "Speak to the person, not to the operator: “you”, not “tell her”. Pause after each sentence. The first step \
             holds as always: make sure who the person is.",
        ),
        (
            "They are upset",
            "Let them finish. “I understand, and I’m sorry. It was our system, not you. Here is what I can do.”",
        ),
        (
            "They insult or threaten you",
            "“I want to help you. If this goes on, I will end the call.” If it goes on: end it, record it as refused, \
             and tell your supervisor. You need no permission.",
        ),
        (
            "They are in distress",
            "Stay on the line and listen. “Are you safe?” In danger they should dial 911. Tell your supervisor at once.",
        ),
        (
            "A child answers",
            "“May I speak with a grown-up?” If nobody is there, it is somebody else.",
        ),
    ],
    our_number: "the number on our website",
    our_site: "our website",
    somebody: "the person who gave us this number",
    twice: "twice",
    often: "{count} times",
    window_that_day: "on {day} from {from} to {until}",
    window_today: "from {from} to {until} {day}",
    tried: "at {time} on {day}",
    evening_from: 17,
    today: ["this morning", "this afternoon", "this evening"],
};
