//! The form of a chunk: records one after the other, packed with LZ4.

use jiff::Timestamp;

use crate::{Incoming, MAX_RECORD_BYTES, Outgoing, Topic};

/// A chunk holds no more than this many bytes of records, unless one record alone is longer: readers unpack a
/// chunk as a whole.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// The most bytes that a chunk of one record alone can have: one that says more is damaged.
const MOST_BYTES: usize = 3 * MAX_RECORD_BYTES;

/// Appends one record.
pub(super) fn push(body: &mut Vec<u8>, record: &Outgoing) {
    body.extend_from_slice(&record.at.as_microsecond().to_le_bytes());
    body.extend_from_slice(&record.version.to_le_bytes());
    for part in [record.kind.as_bytes(), record.key.as_bytes(), &record.bytes] {
        // No part reaches 4 GiB: `Outgoing::check` refuses far shorter ones.
        body.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        body.extend_from_slice(part);
    }
}

/// Packs the records of a chunk.
pub(super) fn pack(body: &[u8]) -> Vec<u8> {
    lz4_flex::block::compress_prepend_size(body)
}

/// The records of a packed chunk from `start` on; `first` and `last` are the positions of its first and last record.
/// `None` when it is damaged.
pub(super) fn unpack(
    packed: &[u8],
    topic: Topic,
    partition: u32,
    (first, last): (u64, u64),
    start: u64,
) -> Option<Vec<Incoming>> {
    let (size, block) = packed.split_first_chunk()?;
    let size = usize::try_from(u32::from_le_bytes(*size)).ok().filter(|size| *size <= MOST_BYTES)?;
    let body = lz4_flex::block::decompress(block, size).ok().filter(|body| body.len() == size)?;
    let mut rest = body.as_slice();
    let mut records = Vec::new();
    let mut offset = first;
    while !rest.is_empty() {
        let at = i64::from_le_bytes(*take(&mut rest, 8)?.first_chunk()?);
        let version = u32::from_le_bytes(*take(&mut rest, 4)?.first_chunk()?);
        let kind = part(&mut rest)?;
        let key = part(&mut rest)?;
        let bytes = part(&mut rest)?;
        if offset >= start {
            records.push(Incoming {
                topic,
                partition,
                offset,
                key: String::from_utf8_lossy(key).into_owned(),
                at: Timestamp::from_microsecond(at).ok()?,
                kind: String::from_utf8_lossy(kind).into_owned(),
                version,
                bytes: bytes.to_vec(),
            });
        }
        offset += 1;
    }
    (offset == last + 1).then_some(records)
}

fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u32::from_le_bytes(*take(rest, 4)?.first_chunk()?);
    take(rest, usize::try_from(length).ok()?)
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &str, bytes: &[u8]) -> Outgoing {
        Outgoing {
            topic: Topic::Posts,
            key: key.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            kind: "post".into(),
            version: 3,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_chunk_gives_back_its_records_from_any_position_on() {
        let mut body = Vec::new();
        push(&mut body, &record("a", b"satu"));
        push(&mut body, &record("b", b""));
        push(&mut body, &record("c", &[0xff; 3000]));
        let packed = pack(&body);
        assert!(packed.len() < 200);
        let all = unpack(&packed, Topic::Posts, 2, (40, 42), 0).unwrap();
        assert_eq!(
            all.iter().map(|r| (r.offset, r.key.as_str())).collect::<Vec<_>>(),
            [(40, "a"), (41, "b"), (42, "c")]
        );
        assert_eq!(
            (all[0].bytes.as_slice(), all[0].version, all[0].kind.as_str()),
            (&b"satu"[..], 3, "post")
        );
        assert_eq!(unpack(&packed, Topic::Posts, 2, (40, 42), 42).unwrap(), all[2..]);
    }

    #[test]
    fn a_damaged_chunk_gives_no_records_and_no_panic() {
        let mut body = Vec::new();
        push(&mut body, &record("a", b"satu"));
        let whole = pack(&body);
        assert_eq!(unpack(&whole, Topic::Posts, 0, (7, 7), 0).unwrap().len(), 1);
        for cut in 0..body.len() {
            assert_eq!(unpack(&pack(&body[..cut]), Topic::Posts, 0, (7, 7), 0), None, "cut at {cut}");
        }
        for cut in 0..whole.len() {
            assert_eq!(unpack(&whole[..cut], Topic::Posts, 0, (7, 7), 0), None, "packed, cut at {cut}");
        }
        // Four gigabytes are not even asked for.
        assert_eq!(unpack(b"\xff\xff\xff\xff\0", Topic::Posts, 0, (7, 7), 0), None);
    }
}
