//! A kind of tax as citizens read it: files name it in codes and in small letters, and in English.

use super::words::Language;

/// The words for a kind of tax; one that is not known here stands as in the file, with a capital letter.
pub fn tax(written: &str, language: Language) -> String {
    let plain = written.replace(['_', '-'], " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = plain.to_lowercase();
    let bare = folded.strip_suffix(" tax").unwrap_or(&folded);
    match language.tax(bare) {
        Some(words) => words.to_owned(),
        None => capital(&plain),
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
            tax("individual_income", Language::english()),
            "Individual income tax"
        );
        assert_eq!(
            tax("Individual Income Tax", Language::of("es")),
            "Impuesto sobre la renta personal"
        );
        assert_eq!(tax("fuel-levy", Language::of("es")), "Fuel levy");
        assert_eq!(tax("", Language::english()), "");
    }
}
