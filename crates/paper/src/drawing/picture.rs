//! A black and white picture, as a receipt printer receives it.

/// Rows of bits from the top, eight dots a byte, the left one in the highest bit. A set bit is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    row_bytes: usize,
    rows: Vec<u8>,
}

impl Picture {
    /// An empty picture with a width in dots, which is rounded down to whole bytes.
    pub(crate) fn new(width: u32) -> Self {
        Self { row_bytes: (width / 8) as usize, rows: Vec::new() }
    }

    pub(crate) fn width(&self) -> usize {
        self.row_bytes * 8
    }

    #[cfg(test)]
    pub(crate) fn height(&self) -> usize {
        self.rows.len().checked_div(self.row_bytes).unwrap_or_default()
    }

    /// The bytes of all rows.
    pub(crate) fn rows(&self) -> &[u8] {
        &self.rows
    }

    pub(crate) fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    #[cfg(test)]
    pub(crate) fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width() && self.rows.get(y * self.row_bytes + x / 8).is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Adds white rows at the bottom.
    pub(crate) fn grow(&mut self, rows: usize) {
        self.rows.resize(self.rows.len() + rows * self.row_bytes, 0);
    }

    /// Blackens a dot. Dots outside the picture are ignored: a letter may reach over the edge by one.
    pub(crate) fn blacken(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        let width = self.width();
        if let Some(byte) = self.rows.get_mut(y * self.row_bytes + x / 8).filter(|_| x < width) {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Blackens a rectangle.
    pub(crate) fn fill(&mut self, left: i32, top: i32, width: i32, height: i32) {
        for y in top..top + height {
            for x in left..left + width {
                self.blacken(x, y);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_bits_from_the_left_and_stay_inside() {
        let mut picture = Picture::new(16);
        picture.grow(2);
        for (x, y) in [(0, 0), (15, 1), (16, 0), (-1, 1), (3, 2)] {
            picture.blacken(x, y);
        }
        assert_eq!(picture.rows(), [0x80, 0, 0, 1]);
        assert!(picture.is_black(0, 0) && picture.is_black(15, 1));
        assert!(!picture.is_black(16, 0) && !picture.is_black(0, 2));
    }
}
