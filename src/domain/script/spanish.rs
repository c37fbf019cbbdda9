//! The script in Spanish, as it is spoken in the United States, with *usted*.

use super::phrases::{Money, Phrases};

pub(super) const SPANISH: Phrases = Phrases {
    hello_label: "Saludo",
    hello: "“Buenas, le habla {caller}, de {agency}. ¿Puedo hablar con {names}?”",
    hello_several: "“Buenas, le habla {caller}, de {agency}. ¿Puedo hablar con {names}? ¿Con quién hablo, por favor?”",
    hello_promised: "“Buenas, le habla {caller}, de {agency}. ¿Puedo hablar con {names}? Llamo a la hora acordada.”",
    hello_specialist: "“Buenas, le habla {caller}, especialista en pagos de {agency}. ¿Puedo hablar con {names}?”",
    hello_rang: "“Gracias por llamar a {agency}. Le atiende {caller}. ¿Con quién hablo?”",
    rang_replies: &[(
        "Otra persona",
        "“Solo puedo hablar con la persona que intentó pagar. Por favor, pídale que llame.”",
        Some("someone_else"),
    )],
    hello_replies: &[
        (
            "Otra persona",
            "“Por favor, pídale que nos llame al {phone}. Gracias.” No diga nada más: ni de qué se trata, ni que hubo \
             un pago.",
            Some("someone_else"),
        ),
        (
            "Número equivocado",
            "“Disculpe la molestia.”",
            Some("wrong_number"),
        ),
        (
            "Otro idioma",
            "“Un momento, por favor. Le llamará un colega en su idioma.”",
            Some("other_language"),
        ),
        (
            "Ha fallecido",
            "“Lo siento mucho. Gracias por decírmelo.” Termine ahí la llamada.",
            Some("deceased"),
        ),
    ],
    office: "“Buenas, le habla {caller}, de {agency}. ¿Es esta la oficina de un preparador de impuestos?”",
    office_replies: &[
        (
            "Sí",
            "“Algunas personas nos dieron su número. Por favor, pida a sus clientes que nos llamen al {phone}.” No diga \
             ningún nombre ni cuántas son.",
            Some("someone_else"),
        ),
        (
            "Representan a un cliente",
            "“Un especialista comprobará su autorización y le llamará. ¿A qué hora le conviene?”",
            Some("needs_help"),
        ),
        (
            "No",
            "“¿Puedo hablar con la persona que intentó pagar?” Elíjala; entonces salen sus propias palabras.",
            None,
        ),
    ],
    sure_label: "Asegúrese",
    sure_known: "Gracias, {name}. ",
    sure_code: "Puede comprobar que esta llamada es verdadera: nuestro correo electrónico lleva el código {code}. ",
    sure_never: "No le pediré dinero, ni números de tarjeta, de banco o de Seguro Social.",
    sure_check: " Puede colgar y llamar al {phone} para comprobarlo.",
    sure_is: " ¿Hablo con {name}?",
    sure_is_unnamed: " ¿Intentó usted pagarnos?",
    sure_end: "”",
    sure_rang: "“¿Cuándo intentó pagar?” Fue {tried}. Nunca pida un número ni un código.",
    sure_rang_code: " Si da el código {code}, es correcto.",
    sure_replies: &[
        (
            "No",
            "“Entonces, por favor, pídale que nos llame al {phone}.” No diga nada más.",
            Some("someone_else"),
        ),
        (
            "Ahora no puede",
            "“¿Cuándo podemos volver a llamarle?”",
            Some("call_back"),
        ),
        (
            "No quiere hablar, o cuelga",
            "“Gracias por su tiempo.” No vuelva a llamar.",
            Some("refused"),
        ),
    ],
    why_label: "Por qué llamo",
    down: "Nuestro sistema de pagos no funcionó {window}. ",
    failed: "Su pago no se completó. ",
    failed_often: "Usted lo intentó {times} y su pago no se completó. ",
    failed_amount: "Su pago de {amount} no se completó. ",
    failed_amount_often: "Usted lo intentó {times} y su pago de {amount} no se completó. ",
    sorry: "Lo sentimos. ",
    why_promised: "“Nos pidió que le llamáramos a {promised}. ",
    why_specialist: "“Nos pidió ayuda con su pago, y ahora puedo ayudarle. ",
    why_rang: "“Gracias. ",
    check: Money {
        said: "“El {told} nos dijo que pagaría. Solo quiero saber si funcionó.”",
        ask: "“¿Funcionó el pago?”",
        replies: &[
            (
                "Sí",
                "“Gracias. Puede tardar un día hasta que lo veamos. No tiene que hacer nada más.”",
                Some("all_set"),
            ),
            (
                "Falló otra vez",
                "“Lo siento. Le llamará un especialista. ¿A qué hora le conviene?”",
                Some("needs_help"),
            ),
            (
                "Todavía no",
                "“Ya funciona de nuevo, en {site}.”",
                Some("will_pay"),
            ),
        ],
        seldom: &[],
    },
    ask_specialist: "“¿Puedo decirle lo que hacemos ahora?”",
    specialist_replies: &[
        (
            "Resuelto",
            "“Gracias. No tiene que hacer nada más.” Marque en su caso lo que se le debe.",
            Some("all_set"),
        ),
        (
            "Falta algo",
            "“Lo revisaré y volveré a llamarle. ¿A qué hora le conviene?”",
            Some("call_back"),
        ),
        (
            "No le toca a usted resolverlo",
            "Páselo a otro especialista, con su nota.",
            Some("needs_help"),
        ),
    ],
    ask_rang: "“¿En qué puedo ayudarle?” ",
    not_charged: Money {
        said: "No le cobramos nada. Si su banco muestra una retención, debería desaparecer en unos días.”",
        ask: "“¿Ha podido pagar desde entonces?”",
        replies: &[
            ("Sí", "“Gracias. No tiene que hacer nada más.”", Some("all_set")),
            (
                "Todavía no",
                "“Ya funciona de nuevo, en {site}.”",
                Some("will_pay"),
            ),
            (
                "Sigue fallando",
                "“Le llamará un especialista. ¿A qué hora le conviene?”",
                Some("needs_help"),
            ),
        ],
        seldom: &[],
    },
    unknown: Money {
        said: "Aún no sabemos si se le cobró, y lo estamos comprobando.”",
        ask: "“¿Ve este pago en su estado de cuenta del banco o de la tarjeta?”",
        replies: &[
            (
                "Sí, aparece",
                "“Por favor, no pague otra vez. Un especialista lo revisará y le llamará. ¿A qué hora le conviene?”",
                Some("needs_help"),
            ),
            (
                "No aparece",
                "“Entonces puede pagar de nuevo, en {site}. Si más tarde aparece dos veces, llámenos y lo corregiremos.”",
                Some("will_pay"),
            ),
        ],
        seldom: &[
            (
                "Tiene que mirarlo",
                "“Por favor, no pague antes. ¿Cuándo podemos volver a llamarle?”",
                Some("call_back"),
            ),
            (
                "Ya pagó después",
                "“Gracias. No tiene que hacer nada más.”",
                Some("all_set"),
            ),
        ],
    },
    charged: Money {
        said: "Se le cobró, pero el pago no quedó registrado. Por favor, no pague otra vez: lo corregiremos.”",
        ask: "“Un especialista le llamará sobre esto. ¿A qué hora le conviene?”",
        replies: &[
            (
                "Dice una hora",
                "“Gracias. Hasta entonces no tiene que hacer nada.”",
                Some("needs_help"),
            ),
            (
                "Ya está resuelto",
                "“Gracias. No tiene que hacer nada más.”",
                Some("all_set"),
            ),
        ],
        seldom: &[],
    },
    charged_twice: Money {
        said: "Se le cobró dos veces. Por favor, no pague otra vez: lo corregiremos.”",
        ask: "“Un especialista le llamará sobre el segundo cobro. ¿A qué hora le conviene?”",
        replies: &[
            (
                "Dice una hora",
                "“Gracias. Hasta entonces no tiene que hacer nada.”",
                Some("needs_help"),
            ),
            (
                "Ya está resuelto",
                "“Gracias. No tiene que hacer nada más.”",
                Some("all_set"),
            ),
        ],
        seldom: &[],
    },
    ask_label: "Pregunte",
    ask_replies: &[
        (
            "No es buen momento",
            "“¿Cuándo podemos volver a llamarle?”",
            Some("call_back"),
        ),
        (
            "No quiere más llamadas",
            "“No le llamaremos más. Nos encuentra en {site}.”",
            Some("do_not_call"),
        ),
    ],
    deadline: " “Su fecha límite es el {date}.”",
    deadline_passed: " “Su fecha límite fue el {date}. Por favor, pague cuando pueda.”",
    message_label: "Mensaje",
    message: "“Buenas, le habla {caller}, de {agency}, con un mensaje para {names}. Por favor, llámenos al {phone}. \
              Gracias.”",
    message_to_nobody: "“Buenas, le habla {caller}, de {agency}. Por favor, llámenos al {phone}. Gracias.”",
    message_reply: (
        "Después",
        "Cuelgue. Nada más: ni otro nombre, ni motivo, ni monto, ni código.",
        Some("voicemail"),
    ),
    no_message: "Cuelgue sin dejar mensaje: ya se dejó uno hace menos de tres días.",
    no_message_reply: ("Después", "No se dejó mensaje.", Some("no_answer")),
    doubt: "“Hace bien en comprobarlo. Por favor, cuelgue, busque nuestro número en nuestro sitio web o en una carta \
            nuestra, y dé el código {code}. Mis colegas verán su caso.” Nunca le pida que le diga el código ni ningún \
            número.",
    doubt_without_code: "“Hace bien en comprobarlo. Por favor, cuelgue, busque nuestro número en nuestro sitio web o en \
                         una carta nuestra, y llámenos. Mis colegas verán su caso.” Nunca le pida ningún número.",
    also: &[
        (
            "No oye bien",
            "Más despacio, frases cortas, una cosa a la vez. Anótelo, para que la próxima llamada empiece así.",
        ),
        (
            "Hay un operador de retransmisión o un intérprete",
            "Hable con la persona, no con el operador: “usted”, no “dígale”. Haga una pausa tras cada frase. El primer \
             paso vale como siempre: asegúrese de quién es.",
        ),
        (
            "Está molesta",
            "Deje que termine. “La entiendo, y lo siento. Falló nuestro sistema, no usted. Esto es lo que puedo hacer.”",
        ),
        (
            "Le insulta o le amenaza",
            "“Quiero ayudarle. Si esto sigue, terminaré la llamada.” Si sigue: termínela, anótela como rechazada y avise \
             a su supervisor. No necesita permiso.",
        ),
        (
            "Está angustiada",
            "Siga en la línea y escuche. “¿Está usted a salvo?” Si hay peligro, que llame al 911. Avise enseguida a su \
             supervisor.",
        ),
        (
            "Contesta un niño",
            "“¿Puedo hablar con un adulto?” Si no hay ninguno, es otra persona.",
        ),
    ],
    our_number: "número de nuestro sitio web",
    our_site: "nuestro sitio web",
    somebody: "la persona que nos dio este número",
    twice: "dos veces",
    often: "{count} veces",
    window_that_day: "el {day} de {from} a {until}",
    window_today: "{day} de {from} a {until}",
    tried: "el {day} a {time}",
    evening_from: 19,
    today: ["esta mañana", "esta tarde", "esta noche"],
};
