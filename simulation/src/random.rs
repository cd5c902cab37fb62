//! Seeded randomness.

/// A number that has no visible relation to this one (the finalizer of `SplitMix64`).
pub(crate) fn mixed(number: u64) -> u64 {
    let mut number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A generator (`SplitMix64`).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(mixed(seed))
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A random byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.number().to_le_bytes()[0]
    }

    /// From 0 on, below 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        let bits = u32::try_from(self.number() >> 32).unwrap_or_default();
        f64::from(bits) / 4_294_967_296.0
    }

    /// The seconds until the next of events that come independently of each other, so many in a second.
    pub(crate) fn gap(&mut self, per_second: f64) -> f64 {
        -(1.0 - self.fraction()).ln() / per_second
    }
}

/// Draws from the numbers below a count, of which the n-th is drawn in proportion to (n + 1) to the power of -exponent.
pub(crate) struct Zipf(Vec<f64>);

impl Zipf {
    pub(crate) fn new(count: u32, exponent: f64) -> Self {
        let weight = |rank| f64::from(rank).powf(-exponent);
        let ranks = 1..=count.max(1);
        let all: f64 = ranks.clone().map(weight).sum();
        let mut sum = 0.0;
        let sums = ranks.map(|rank| {
            sum += weight(rank);
            sum / all
        });
        Self(sums.collect())
    }

    pub(crate) fn draw(&self, random: &mut Random) -> usize {
        let drawn = random.fraction();
        self.0.partition_point(|sum| *sum <= drawn).min(self.0.len() - 1)
    }

    /// The share of each number.
    pub(crate) fn shares(&self) -> impl Iterator<Item = f64> {
        let before = std::iter::once(&0.0).chain(&self.0);
        self.0.iter().zip(before).map(|(sum, before)| sum - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_another_seed_others() {
        let drawn = |seed| {
            let mut random = Random::new(seed);
            (0..4).map(|_| random.number()).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    #[test]
    fn arrivals_have_their_rate_and_are_spread_as_independent_ones_are() {
        let mut random = Random::new(7);
        let gaps: Vec<f64> = (0..100_000).map(|_| random.gap(50.0)).collect();
        let mean = gaps.iter().sum::<f64>() / 100_000.0;
        let spread = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / 100_000.0;
        assert!((mean - 0.02).abs() < 0.000_3, "{mean}");
        assert!((spread.sqrt() - 0.02).abs() < 0.000_4, "{spread}");
    }

    #[test]
    fn the_second_is_half_as_frequent_as_the_first() {
        let (zipf, mut random) = (Zipf::new(3, 1.0), Random::new(7));
        let mut drawn = [0_u32; 3];
        for _ in 0..110_000 {
            drawn[zipf.draw(&mut random)] += 1;
        }
        for (drawn, expected) in drawn.into_iter().zip([60_000.0, 30_000.0, 20_000.0]) {
            assert!((f64::from(drawn) - expected).abs() < 800.0, "{drawn} and {expected}");
        }
        let shares: Vec<f64> = zipf.shares().collect();
        assert!((shares[1] * 2.0 - shares[0]).abs() < 1e-9 && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
