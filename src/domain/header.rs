//! What the headers of exports mean: the usual names of the fields in English, Spanish, French, German, Portuguese and
//! Italian, and the short words that databases use for them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::field::Field;

/// How much a header says about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognition {
    /// The word is used for other things too (`name`, `date`): the content has to agree.
    Weak,
    /// A usual name of this field.
    Usual,
}

/// Words that stand in front of a field's name and change nothing (`customer_email`).
const OWNERS: [&str; 20] = [
    "customer",
    "taxpayer",
    "citizen",
    "client",
    "payer",
    "contact",
    "billing",
    "user",
    "member",
    "payment",
    "resident",
    "primary",
    "shopper",
    "cardholder",
    "buyer",
    "donor",
    "applicant",
    "consumer",
    "filer",
    "purchaser",
];

/// Words that stand behind a field's name and change nothing (`Correo del contribuyente`).
const OF_OWNERS: [&str; 12] = [
    "delcliente",
    "delcontribuyente",
    "decliente",
    "decontribuyente",
    "duclient",
    "ducontribuable",
    "client",
    "deskunden",
    "dessteuerzahlers",
    "docliente",
    "docontribuinte",
    "delcontribuente",
];

/// Short words of column names in databases (`payer_nm`, `resp_cd`), and what they stand for.
const SHORT: [(&str, &str); 36] = [
    ("acct", "account"),
    ("addr", "address"),
    ("amt", "amount"),
    ("attmpt", "attempt"),
    ("bal", "balance"),
    ("cd", "code"),
    ("conf", "confirmation"),
    ("cnf", "confirmation"),
    ("cust", "customer"),
    ("dt", "date"),
    ("dttm", "datetime"),
    ("eml", "email"),
    ("err", "error"),
    ("fail", "failure"),
    ("fst", "first"),
    ("frst", "first"),
    ("lang", "language"),
    ("lst", "last"),
    ("mob", "mobile"),
    ("msg", "message"),
    ("nbr", "number"),
    ("nm", "name"),
    ("no", "number"),
    ("num", "number"),
    ("ph", "phone"),
    ("pmt", "payment"),
    ("pymt", "payment"),
    ("pref", "preference"),
    ("rcpt", "receipt"),
    ("ref", "reference"),
    ("resp", "response"),
    ("rsn", "reason"),
    ("tm", "time"),
    ("trx", "transaction"),
    ("ts", "timestamp"),
    ("txn", "transaction"),
];

impl Field {
    /// The field a header stands for.
    pub fn recognise(header: &str) -> Option<(Self, Recognition)> {
        let of_key = |key: &str| {
            named(key).or_else(|| {
                let before = OWNERS.iter().find_map(|owner| key.strip_prefix(owner));
                let behind = || OF_OWNERS.iter().find_map(|owner| key.strip_suffix(owner));
                let rest = before.or_else(behind)?;
                named(rest).map(|(field, _)| (field, Recognition::Usual))
            })
        };
        let plain = |header: &str| of_key(&header_key(header)).or_else(|| of_key(&written_out(header)?));
        plain(header).or_else(|| plain(&without_remarks(header)?))
    }

    /// Headers that mean this field, as [`header_key`] writes them: the usual ones, then the weak ones.
    const fn headers(self) -> (&'static str, &'static str) {
        match self {
            Self::TransactionId => (
                "transactionid transactionnumber transactionno txnid txid txnnumber txnno trxid transid paymentid \
                 paymentreference paymentref referencenumber referenceno refno refnumber transactionreference orderid \
                 idtransaccion iddetransaccion numerodetransaccion idpago transaktionsid transaktionsnummer vorgangsnummer \
                 idtransaction iddetransaction numerodetransaction \
                 idtransacao iddatransacao numerodatransacao idtransazione numerotransazione numerotransaction idoperacion \
                 numerodeoperacion zahlungsreferenz idpaiement idpagamento ndetransaction nodetransaccion nodetransacao",
                "id reference ref transaction uuid traceid number",
            ),
            Self::Timestamp => (
                "timestamp datetime txntime txntimestamp transactiontime transactiondate transactiondatetime transactiontimestamp \
                 txndate txndatetime dateandtime createdat createddate occurredat eventtime failedat failuretime attemptedat attempttime \
                 attempt paymentdate paymenttime paymenttimestamp submittedat processedat settledat settlementdate paidat loggedat \
                 fechahora fechayhora fechadepago zeitstempel zeitpunkt datumuhrzeit datumzeit horodatage dateheure dateetheure \
                 fechadetransaccion fechatransaccion fechadelpago marcadetiempo datetransaction datepaiement datedepaiement \
                 transaktionszeit transaktionsdatum zahlungsdatum datumunduhrzeit datahora dataehora datadopagamento dataora dataeora \
                 creationdate datecreated createdtime createdon submitdatetime submitteddate submitdate initiatedat attemptdate",
                "created when ts submitted initiated attempted occurred",
            ),
            Self::Date => ("date fecha datum data day transactionday dia tag jour giorno", ""),
            Self::Time => ("time hora heure uhrzeit ora timeofday timecreated clocktime", ""),
            Self::TimestampZone => (
                "timestampzone timestamptimezone timestamptz clockzone zoneofclock",
                "utcoffset offset",
            ),
            Self::Status => (
                "status paymentstatus transactionstatus txnstatus trxstatus paymentstate transactionstate outcome paymentresult \
                 transactionresult transactionoutcome paymentoutcome estadodelpago estadodepago estadodelatransaccion situacion situacao \
                 statutdupaiement etatdupaiement zahlungsstatus transaktionsstatus statut esito statopagamento statodelpagamento",
                "result disposition response",
            ),
            Self::AccountId => (
                "accountid accountnumber accountno acct acctid acctno acctnumber accountref accountreference taxpayerid taxpayernumber taxpayerno customerid \
                 customernumber customerno clientid citizenid memberid cuenta numerodecuenta idcuenta idcontribuyente \
                 idcliente kontonummer kontonr kundennummer kundennr kundenid steuernummer numerodecompte idclient idcompte \
                 numerocuenta numerodecliente numerodecontribuyente numeroducompte numeroclient identifiantclient \
                 numerocontribuable numerodaconta idconta idcontribuinte numeroconto idconto codicecliente ndecompte nodecuenta nodaconta \
                 filerid filernumber filerno clientnumber clientno clientcode customercode codicecontribuente",
                "account userid konto compte customer taxpayer \
                 conta conto contribuyente contribuable contribuente contribuinte",
            ),
            Self::GivenName => (
                "givenname givennames firstname fname forename firstnames nombres primernombre vorname prenom \
                 prenoms vornamen nombredepila primeironome nomeproprio",
                "first given nombre",
            ),
            Self::FamilyName => (
                "familyname lastname lname surname apellido apellidos nachname familienname nomdefamille \
                 primerapellido nomfamille sobrenome cognome",
                "last family nom",
            ),
            Self::FullName => (
                "fullname customername taxpayername citizenname clientname contactname payername accountholder holdername \
                 nombrecompleto nombreyapellidos nombreyapellido vollername vollstaendigername vollstandigername nomcomplet nometprenom \
                 titular titulaire nomprenom prenometnom vorundnachname nomecompleto nomeecognome cognomeenome intestatario",
                "name payer accountname person holder cardholder \
                 nome inhaber kontoinhaber karteninhaber zahler payeur pagador pagatore",
            ),
            Self::Email => (
                "email emailaddress mail mailaddress emailid contactemail primaryemail correo correoelectronico \
                 emailadresse mailadresse adresseemail courriel adressecourriel \
                 direcciondecorreo direcciondecorreoelectronico adressemail adresseelectronique mel correioeletronico \
                 enderecodeemail indirizzoemail postaelettronica",
                "",
            ),
            Self::Phone => (
                "phone phonenumber phoneno telephone telephonenumber tel telno telnumber mobile mobilephone mobilenumber mobileno cell \
                 cellphone cellnumber contactnumber contactphone dayphone daytimephone homephone phone1 callerid ani telefono \
                 numerodetelefono telefonomovil movil celular telefon telefonnummer telefonnr rufnummer handy handynummer mobiltelefon \
                 numerodetelephone portable \
                 numerotelefono telefonodecontacto telefonocelular telefonomobil numerotelephone telephoneportable telportable \
                 telefone numerodetelefone telemovel ndetelephone nodetelephone nodetelefono nodetelefone numeroditelefono cellulare",
                "contact",
            ),
            Self::Phone2 => (
                "phone2 secondaryphone secondphone alternatephone alternativephone altphone otherphone workphone businessphone \
                 eveningphone phonenumber2 telefono2 telefon2 telephone2 \
                 telefonosecundario telefonoalternativo segundotelefono telephonesecondaire autretelephone telefone2 zweitetelefonnummer",
                "",
            ),
            Self::Amount => (
                "amount amountdue amountpaid amt paymentamount transactionamount txnamount totalamount amountusd amountindollars \
                 balancedue gross grossamount chargeamount chargedamount originalamount importe monto cantidad betrag summe montant \
                 importetotal montototal gesamtbetrag zahlbetrag montanttotal importo montante quantia",
                "total sum value due payment \
                 valor",
            ),
            Self::AmountCents => (
                "amountcents amountincents cents amountminor amountminorunits minorunits amountinminorunits amountpence pence centimes centavos importecentavos betragcent betragincent centimos importeencentavos montantencentimes importoincentesimi",
                "",
            ),
            Self::TaxType => (
                "taxtype taxcategory formtype taxform typeoftax taxkind impuesto tipodeimpuesto steuerart typedimpot impot \
                 tipoimpuesto typeimpot imposto tipodeimposto imposta tipodiimposta",
                "tax type form",
            ),
            Self::Channel => (
                "channel paymentchannel canal kanal \
                 canaldepago zahlungskanal canale",
                "source medium platform",
            ),
            Self::ErrorCode => (
                "error errorcode errorreason errormessage failurereason failurecode reasoncode statuscode declinecode \
                 declinereason responsecode fehler fehlercode codigodeerror codigoerror codeerreur codederreur erreur \
                 motivodelfallo fehlergrund motifechec motifdelechec erro codigodeerro errore codiceerrore",
                "reason code failure",
            ),
            Self::Language => (
                "language lang preferredlanguage languagecode languagepreference locale preflang idioma lengua sprache langue \
                 idiomapreferido languepreferee lingua",
                "",
            ),
            Self::State => (
                "state statecode province estado provincia bundesland",
                "region etat",
            ),
            Self::TimeZone => (
                "timezone tz timezoneid zonahoraria zeitzone fuseauhoraire",
                "zone",
            ),
            Self::FilingDeadline => (
                "filingdeadline deadline duedate filingduedate filingdue paymentduedate returnduedate fechalimite vencimiento \
                 fechadevencimiento frist faelligkeit faelligam faelligkeitsdatum falligkeit falligam falligkeitsdatum echeance datelimite datedecheance \
                 plazo fechavencimiento dateecheance vencimento datadevencimento prazo scadenza datadiscadenza",
                "",
            ),
            Self::Address => (
                "address streetaddress mailingaddress postaladdress street address1 addressline1 direccion domicilio anschrift strasse \
                 direccionpostal adressepostale postanschrift endereco morada indirizzo",
                "adresse",
            ),
            Self::Memo => (
                "memo note notes comment comments remark remarks nota notas comentario comentarios bemerkung bemerkungen \
                 notiz kommentar remarque commentaire \
                 observaciones remarques commentaires anmerkung observacao observacoes osservazioni",
                "description details message text",
            ),
            Self::Charged => (
                "charged wascharged chargestatus cardcharged moneytaken ischarged cobrado belastet \
                 abgebucht debite addebitato",
                "",
            ),
            Self::ConfirmationNo => (
                "confirmationno confirmationnumber confirmation confirmationcode confirmationid receipt receiptnumber receiptno \
                 numerodeconfirmacion bestaetigungsnummer bestatigungsnummer numerodeconfirmation \
                 numeroconfirmacion codigodeconfirmacion comprobante belegnummer quittungsnummer numeroconfirmation \
                 numerodeconfirmacao numerodiconferma",
                "",
            ),
        }
    }
}

/// A header without what stands in parentheses behind it, and without the zone of a clock: `Created (UTC)`, `phone (metadata)`,
/// `created_utc`. Nothing where that changes nothing.
fn without_remarks(header: &str) -> Option<String> {
    let plain = match (header.find('('), header.trim_end().ends_with(')')) {
        (Some(at), true) if at > 0 => header.get(..at)?,
        _ => header,
    };
    let (before, last) = plain
        .trim_end()
        .rsplit_once([' ', '_', '-'])
        .unwrap_or((plain, ""));
    let plain = match matches!(last.to_ascii_lowercase().as_str(), "utc" | "gmt" | "local" | "z") {
        true => before,
        false => plain,
    };
    (plain != header).then(|| plain.to_owned())
}

/// The words of a header, in small letters without accents: `createdAt (UTC)` is `created`, `at`, `utc`.
pub fn header_words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in header
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
    {
        if !c.is_alphanumeric() || (c.is_uppercase() && after_small) {
            words.push(String::new());
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The key of a header with its short words written out; none if it has none of them.
fn written_out(header: &str) -> Option<String> {
    let long = |word: &str| {
        SHORT
            .iter()
            .find(|(short, _)| *short == word)
            .map(|(_, long)| *long)
    };
    let words = header.split(|c: char| !c.is_alphanumeric()).map(header_key);
    let words: Vec<Cow<str>> = words
        .map(|word| long(&word).map_or(Cow::Owned(word), Cow::Borrowed))
        .collect();
    words
        .iter()
        .any(|word| matches!(word, Cow::Borrowed(_)))
        .then(|| words.concat())
}

fn named(key: &str) -> Option<(Field, Recognition)> {
    NAMED.get(key).copied()
}

/// What every known header means.
static NAMED: LazyLock<HashMap<&str, (Field, Recognition)>> = LazyLock::new(|| {
    let words = |words: &'static str, field, recognition| {
        words
            .split_whitespace()
            .map(move |word| (word, (field, recognition)))
    };
    let both = |field: Field| {
        let (usual, weak) = field.headers();
        words(usual, field, Recognition::Usual).chain(words(weak, field, Recognition::Weak))
    };
    Field::ALL.into_iter().flat_map(both).collect()
});

/// A header for comparing: lower case, accents off, letters and digits only, `#` as "number".
pub fn header_key(header: &str) -> String {
    let mut key = String::with_capacity(header.len());
    for c in header.nfkd() {
        match c {
            '#' | '\u{2116}' => key.push_str("number"),
            'ß' => key.push_str("ss"),
            c if c.is_alphanumeric() => key.extend(c.to_lowercase()),
            _ => {}
        }
    }
    key
}

/// What stands in front of the columns in a file of rejected rows that this program wrote.
pub const NOTES: [&str; 2] = ["line", "reason"];

/// How many columns in front are such notes and none of the file's own: both or none.
pub fn notes_in<'a>(headers: impl IntoIterator<Item = &'a str>) -> usize {
    let ours = headers.into_iter().take(NOTES.len()).map(header_key).eq(NOTES);
    if ours { NOTES.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_recognised_by_its_own_name() {
        for field in Field::ALL {
            let recognised = Field::recognise(field.as_str());
            assert_eq!(recognised, Some((field, Recognition::Usual)), "{field}");
        }
    }

    #[test]
    fn short_words_of_databases_are_written_out() {
        for (header, field) in [
            ("txn_ts", Field::Timestamp),
            ("PAYER_NM", Field::FullName),
            ("ph_1", Field::Phone),
            ("ph_2", Field::Phone2),
            ("acct_no", Field::AccountId),
            ("acct_ref", Field::AccountId),
            ("resp_cd", Field::ErrorCode),
            ("lang_pref", Field::Language),
            ("cust_lst_nm", Field::FamilyName),
            ("pmt dt", Field::Timestamp),
            ("e_mail_addr", Field::Email),
        ] {
            assert_eq!(
                Field::recognise(header),
                Some((field, Recognition::Usual)),
                "{header}"
            );
        }
        assert_eq!(Field::recognise("mthd"), None);
        assert_eq!(Field::recognise("no"), Field::recognise("number"));
    }

    #[test]
    fn usual_headers_are_recognised_in_several_languages() {
        for (header, field) in [
            ("Transaction #", Field::TransactionId),
            ("Txn Time", Field::Timestamp),
            ("Taxpayer ID", Field::AccountId),
            ("First Name", Field::GivenName),
            ("Apellidos", Field::FamilyName),
            ("E-mail", Field::Email),
            ("Customer Email Address", Field::Email),
            ("N\u{fa}mero de tel\u{e9}fono", Field::Phone),
            ("Amount Due", Field::Amount),
            ("Error", Field::ErrorCode),
            ("Preferred Language", Field::Language),
            ("Due Date", Field::FilingDeadline),
            ("Kundennr.", Field::AccountId),
            ("Pr\u{e9}nom", Field::GivenName),
            ("transactionId", Field::TransactionId),
            ("Correo del contribuyente", Field::Email),
            ("Tel\u{e9}fono del cliente", Field::Phone),
            ("Nom de famille", Field::FamilyName),
            ("N\u{b0} de t\u{e9}l\u{e9}phone", Field::Phone),
            ("Montant", Field::Amount),
            ("Date et heure", Field::Timestamp),
            ("E-Mail-Adresse", Field::Email),
            ("F\u{e4}lligkeitsdatum", Field::FilingDeadline),
            ("Endere\u{e7}o", Field::Address),
            ("Data/hora", Field::Timestamp),
            ("Cognome", Field::FamilyName),
            ("Codice cliente", Field::AccountId),
        ] {
            assert_eq!(
                Field::recognise(header).map(|found| found.0),
                Some(field),
                "{header}"
            );
        }
    }

    #[test]
    fn what_stands_behind_a_name_in_parentheses_changes_nothing() {
        assert_eq!(Field::recognise("phone (metadata)"), Field::recognise("phone"));
        assert_eq!(Field::recognise("Created (UTC)"), Field::recognise("Created"));
        assert_eq!(header_words("createdAt (UTC)"), ["created", "at", "utc"]);
    }

    #[test]
    fn words_with_other_meanings_are_weak() {
        assert_eq!(
            Field::recognise("Name"),
            Some((Field::FullName, Recognition::Weak))
        );
        assert_eq!(Field::recognise("Colour"), None);
        assert_eq!(Field::recognise(""), None);
    }

    #[test]
    fn no_header_stands_for_two_fields() {
        let mut seen = std::collections::HashMap::new();
        for field in Field::ALL {
            for word in [field.headers().0, field.headers().1]
                .join(" ")
                .split_whitespace()
            {
                assert_eq!(header_key(word), word);
                assert_eq!(seen.insert(word.to_owned(), field), None, "{word}");
            }
        }
    }
}
