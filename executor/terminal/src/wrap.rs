//! Text in lines that fit.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

const INDENT: &str = "    ";

/// `text` in lines of at most `width` columns where words allow it, later lines indented; ends with a newline.
pub fn wrap(text: &str, width: Option<usize>) -> String {
    let options = Options::new(width.unwrap_or(usize::MAX))
        .subsequent_indent(INDENT)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::fill(text, options) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_wrapped_between_words() {
        assert_eq!(wrap("one two three four", Some(11)), "one two\n    three\n    four\n");
        assert_eq!(wrap("unbreakable word", Some(5)), "unbreakable\n    word\n");
        assert_eq!(wrap("one two three four", None), "one two three four\n");
    }
}
