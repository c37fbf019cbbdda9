//! A kind of tax as citizens read it: files name it in codes and in small letters, and in English.

use super::words::Language;

/// What files call the common ones, without case, hyphens and underscores, and the words for it.
const KNOWN: [(&str, [&str; 2]); 10] = [
    ("income", ["Income tax", "Impuesto sobre la renta"]),
    (
        "individual income",
        ["Individual income tax", "Impuesto sobre la renta personal"],
    ),
    (
        "personal income",
        ["Personal income tax", "Impuesto sobre la renta personal"],
    ),
    (
        "corporate income",
        ["Corporate income tax", "Impuesto sobre la renta de empresas"],
    ),
    ("estimated", ["Estimated tax", "Pago estimado de impuestos"]),
    ("sales", ["Sales tax", "Impuesto sobre las ventas"]),
    ("use", ["Use tax", "Impuesto sobre el uso"]),
    ("property", ["Property tax", "Impuesto sobre la propiedad"]),
    ("business", ["Business tax", "Impuesto de empresas"]),
    ("withholding", ["Withholding tax", "Retención de impuestos"]),
];

/// The words for a kind of tax; one that is not known here stands as in the file, with a capital letter.
pub fn tax(written: &str, language: Language) -> String {
    let plain = written.replace(['_', '-'], " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = plain.to_lowercase();
    let bare = folded.strip_suffix(" tax").unwrap_or(&folded);
    let known = KNOWN.iter().find(|(name, _)| *name == bare);
    match (known, language) {
        (Some((_, [english, _])), Language::English) => (*english).to_owned(),
        (Some((_, [_, spanish])), Language::Spanish) => (*spanish).to_owned(),
        (None, _) => capital(&plain),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_a_file_is_said_in_words_of_the_language() {
        assert_eq!(
            tax("individual_income", Language::English),
            "Individual income tax"
        );
        assert_eq!(
            tax("Individual Income Tax", Language::Spanish),
            "Impuesto sobre la renta personal"
        );
        assert_eq!(tax("fuel-levy", Language::Spanish), "Fuel levy");
        assert_eq!(tax("", Language::English), "");
    }
}
