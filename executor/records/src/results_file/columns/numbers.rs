//! Numbers of one to ten bytes (LEB128), and differences of either sign (zigzag).

use super::UnreadableBlock;

/// Writes numbers one after the other.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A block of the layout `version`.
    pub(super) fn new(version: u8) -> Self {
        Self(vec![version])
    }

    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// The way from `before` to `number`, around the end where that is shorter.
    pub(super) fn step(&mut self, before: u64, number: u64) {
        let difference = number.wrapping_sub(before).cast_signed();
        self.number((difference << 1 ^ difference >> 63).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Reads what [`Writer`] wrote.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    layout: u8,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Of a block, which must have a layout from 1 to `latest`.
    pub(super) fn new(block: &'a [u8], latest: u8) -> Result<Self, UnreadableBlock> {
        match block.split_first() {
            Some((layout, rest)) if (1..=latest).contains(layout) => Ok(Self { layout: *layout, rest }),
            Some(_) => Err(UnreadableBlock("it was written by a later release")),
            None => Err(UnreadableBlock("it is empty")),
        }
    }

    /// The layout of the block.
    pub(super) fn layout(&self) -> u8 {
        self.layout
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn number(&mut self) -> Result<u64, UnreadableBlock> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or(UnreadableBlock("it ends too early"))?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(UnreadableBlock("a number is too large"))
    }

    pub(super) fn step(&mut self, before: u64) -> Result<u64, UnreadableBlock> {
        let coded = self.number()?;
        Ok(before.wrapping_add((coded >> 1) ^ (coded & 1).wrapping_neg()))
    }

    pub(super) fn text(&mut self) -> Result<&'a str, UnreadableBlock> {
        let len = usize::try_from(self.number()?).map_err(|_| UnreadableBlock("a text is too long"))?;
        let (text, rest) = self.rest.split_at_checked(len).ok_or(UnreadableBlock("it ends too early"))?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| UnreadableBlock("a text is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [u64; 9] = [0, 1, 127, 128, 300, 1 << 35, u64::MAX >> 1, u64::MAX - 1, u64::MAX];

    #[test]
    fn numbers_and_steps_come_back() {
        let mut writer = Writer::new(1);
        for number in NUMBERS {
            writer.number(number);
            for before in NUMBERS {
                writer.step(before, number);
            }
        }
        let block = writer.0;
        let mut reader = Reader::new(&block, 2).unwrap();
        assert_eq!(reader.layout(), 1);
        for number in NUMBERS {
            assert_eq!(reader.number(), Ok(number));
            for before in NUMBERS {
                assert_eq!(reader.step(before), Ok(number));
            }
        }
        assert!(reader.is_at_end());
    }

    #[test]
    fn a_damaged_block_is_an_error() {
        assert!(Reader::new(&[], 1).is_err());
        assert!(Reader::new(&[2, 0], 1).is_err() && Reader::new(&[0, 0], 1).is_err());
        for wrong in [&[1_u8, 0x80][..], &[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2], &[1]] {
            assert!(Reader::new(wrong, 1).unwrap().number().is_err(), "{wrong:?}");
        }
        assert!(Reader::new(&[1, 5, b'a'], 1).unwrap().text().is_err());
        assert!(Reader::new(&[1, 1, 0xff], 1).unwrap().text().is_err());
    }
}
