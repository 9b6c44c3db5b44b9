//! Ids of audit records: 26 characters of Crockford's base 32 that sort by time, as ULIDs do.
//! Made of 48 bits of milliseconds, 16 bits that count within one, 64 random bits: two proxies
//! need not know of each other.

use std::sync::atomic::{AtomicU64, Ordering};

const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
const COUNTER_BITS: u32 = 16;
const LENGTH: u32 = 26;

/// Makes ids that are greater than every id it made before, even where the clock goes back.
#[derive(Debug, Default)]
pub struct IdSource {
    last: AtomicU64,
}

impl IdSource {
    pub fn next(&self) -> String {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now_ms = since.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(0));
        self.next_at(now_ms, rand::random())
    }

    fn next_at(&self, now_ms: u64, random: u64) -> String {
        let floor = now_ms << COUNTER_BITS;
        let step = |last: u64| last.saturating_add(1).max(floor);
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |l| Some(step(l)));
        let high = step(last.unwrap_or(0));
        encode((u128::from(high) << 64) | u128::from(random))
    }
}

fn encode(number: u128) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| {
            let digit = (number >> (5 * place)) & 31;
            usize::try_from(digit).ok().and_then(|at| ALPHABET.get(at)).copied().unwrap_or('0')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_never_repeat() {
        let source = IdSource::default();
        let mut ids = vec![source.next_at(5, u64::MAX), source.next_at(5, 0)];
        ids.push(source.next_at(3, 0));
        ids.push(source.next_at(9, 0));
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
        assert!(ids.iter().all(|id| id.len() == 26));
    }

    #[test]
    fn threads_share_a_source() {
        let source = std::sync::Arc::new(IdSource::default());
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let source = std::sync::Arc::clone(&source);
                std::thread::spawn(move || (0..1000).map(|_| source.next()).collect::<Vec<_>>())
            })
            .collect();
        let mut ids = std::collections::BTreeSet::new();
        for thread in threads {
            ids.extend(thread.join().unwrap());
        }
        assert_eq!(ids.len(), 4000);
    }
}
