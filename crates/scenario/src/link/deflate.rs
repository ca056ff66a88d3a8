//! Raw deflate with a preset dictionary: a text that both sides know before the first byte.
//!
//! The dictionary belongs to the version of the link and never changes.

use alloc::{vec, vec::Vec};
use miniz_oxide::{
    deflate::core::{
        CompressorOxide, TDEFLFlush, TDEFLStatus, compress as step,
        create_comp_flags_from_zip_params,
    },
    inflate::{
        TINFLStatus,
        core::{
            DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        },
    },
};

/// The dictionary of version 1; less than the 32 KiB that deflate looks back.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.txt");

/// How the data ended.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum End {
    /// Where it should.
    Whole,
    /// Too early.
    Cut,
    /// At bytes that no compressor writes.
    Damaged,
    /// It would go on beyond the bound.
    TooLong,
}

/// Appends the compressed data.
pub(super) fn compress(data: &[u8], out: &mut Vec<u8>) {
    // Level 9, no zlib header.
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(9, 0, 0));
    // What the dictionary becomes is dropped: a sync flush ends it on a whole byte.
    run(&mut compressor, DICTIONARY, TDEFLFlush::Sync, &mut Vec::new());
    run(&mut compressor, data, TDEFLFlush::Finish, out);
}

fn run(compressor: &mut CompressorOxide, mut data: &[u8], flush: TDEFLFlush, out: &mut Vec<u8>) {
    let mut buffer = vec![0; 32 * 1024];
    loop {
        let (status, n_read, n_written) = step(compressor, data, &mut buffer, flush);
        data = data.get(n_read..).unwrap_or_default();
        out.extend_from_slice(buffer.get(..n_written).unwrap_or_default());
        let flushed = data.is_empty() && n_written < buffer.len();
        match status {
            TDEFLStatus::Okay if !flushed => {}
            TDEFLStatus::Okay | TDEFLStatus::Done => return,
            TDEFLStatus::BadParam | TDEFLStatus::PutBufFailed => {
                debug_assert!(false, "the compressor takes these flags and this buffer");
                return;
            }
        }
    }
}

/// Expands as far as possible, to at most `n_bytes_max`.
pub(super) fn expand(data: &[u8], n_bytes_max: usize) -> (Vec<u8>, End) {
    let mut inflator = DecompressorOxide::new();
    let start = DICTIONARY.len();
    let mut window = DICTIONARY.to_vec();
    window.resize(start + n_bytes_max.min(64 * 1024), 0);
    let (mut at, mut n_read) = (start, 0);
    let end = loop {
        let rest = data.get(n_read..).unwrap_or_default();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) = decompress(&mut inflator, rest, &mut window, at, flags);
        n_read += read;
        at += written;
        match status {
            TINFLStatus::Done => break End::Whole,
            TINFLStatus::HasMoreOutput => {
                let n_bytes = window.len() - start;
                if n_bytes >= n_bytes_max {
                    break End::TooLong;
                }
                window.resize(start + (2 * n_bytes).min(n_bytes_max), 0);
            }
            TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => break End::Cut,
            TINFLStatus::Failed | TINFLStatus::BadParam | TINFLStatus::Adler32Mismatch => {
                break End::Damaged;
            }
        }
    };
    window.truncate(at);
    (window.split_off(start.min(window.len())), end)
}
