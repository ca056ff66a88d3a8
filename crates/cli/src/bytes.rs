//! Where bytes come from: a file, gzipped or not, or standard input, whole or in pieces.

use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, stdin};

/// Bytes of a piece.
const PIECE_BYTES: u32 = 256 * 1024;

/// An open source.
pub(crate) struct Bytes(Box<dyn Read>);

impl Bytes {
    /// Opens a file, or standard input for `-`; what is gzipped is unpacked.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &str) -> Result<Self, String> {
        let plain: Box<dyn Read> = if path == "-" {
            Box::new(stdin())
        } else {
            Box::new(File::open(path).map_err(|e| format!("{path}: {e}"))?)
        };
        let mut plain = BufReader::new(plain);
        let is_zipped =
            plain.fill_buf().map_err(|e| format!("{path}: {e}"))?.starts_with(&[0x1f, 0x8b]);
        Ok(Self(if is_zipped { Box::new(GzDecoder::new(plain)) } else { Box::new(plain) }))
    }

    /// Everything, piece by piece. The first piece is as long as any: whole, if the source is not longer.
    pub(crate) fn pieces(&mut self, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        let mut piece = Vec::new();
        loop {
            piece.clear();
            if self.0.by_ref().take(PIECE_BYTES.into()).read_to_end(&mut piece)? == 0 {
                return Ok(());
            }
            take(&piece);
        }
    }
}
