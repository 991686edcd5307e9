//! When enough turns were taken. Stopping as soon as the result pleases would often be wrong. So the interval must be
//! narrow enough at one of few looks, each planned from the one before (Stein's two-stage sample, repeated).

use run_records::analysis::{Ratio, more_repeats};

/// Turns per client before the first look at the ratio: fewer say little about how much repeats vary.
const FIRST_LOOK: usize = 12;
/// Fewest further turns between two looks.
const NEXT_LOOK: usize = 4;
/// Turns beyond what the spread so far requires, as that spread may be small by chance.
const RESERVE: f64 = 1.05;

/// Decides when to look at the ratios, and whether they are known well enough.
#[derive(Debug, Clone)]
pub struct StopRule {
    precision: f64,
    next_look: usize,
}

impl StopRule {
    /// A rule for intervals with a half width of at most the share `precision`.
    pub fn new(precision: f64) -> Self {
        Self { precision, next_look: FIRST_LOOK }
    }

    /// Whether it is time to look at the ratios.
    pub fn wants_to_look(&self, rounds: usize) -> bool {
        rounds >= self.next_look
    }

    /// Looks at the ratios: whether all are known well enough after this many rounds.
    pub fn is_enough(&mut self, rounds: usize, ratios: &[Ratio]) -> bool {
        let wide = ratios.iter().map(|ratio| ratio.precision() / self.precision).fold(0.0, f64::max);
        let more = usize::try_from(more_repeats(rounds, wide * RESERVE)).unwrap_or(usize::MAX);
        // A noisy start would plan too many turns: at most double their number.
        self.next_look = rounds + more.clamp(NEXT_LOOK, rounds.max(NEXT_LOOK));
        wide <= 1.0
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;
    use crate::compare::order::Order;
    use run_records::analysis::{Draws, Verdict, of_pairs, verdict};

    const PRECISION: f64 = 0.02;
    const MOST_ROUNDS: usize = 60;
    /// Comparisons of each kind of noise.
    const TRIALS: u64 = 100;

    /// Seconds of one repeat after the other on a machine of some kind of noise.
    type Machine = fn(&mut Rng) -> Box<dyn FnMut(&mut Rng) -> f64>;

    fn normal(random: &mut Rng) -> f64 {
        (0..12).map(|_| random.f64()).sum::<f64>() - 6.0
    }

    const MACHINES: [(&str, Machine); 6] = [
        ("quiet", |_| Box::new(|random| 1.0 + 0.01 * normal(random))),
        ("noisy", |_| Box::new(|random| (0.05 * normal(random)).exp())),
        ("with a long tail", |_| Box::new(|random| 1.0 - 0.03 * random.f64().max(1e-9).ln())),
        ("with two states", |_| Box::new(|random| if random.f64() < 0.3 { 1.12 } else { 1.0 } + 0.01 * normal(random))),
        ("that drifts", |_| {
            let mut now = 1.0;
            Box::new(move |random| {
                now *= 1.004;
                now * (1.0 + 0.02 * normal(random))
            })
        }),
        ("that wanders", |_| {
            let mut mood = 0.0;
            Box::new(move |random| {
                mood = 0.9 * mood + 0.02 * normal(random);
                f64::exp(mood)
            })
        }),
    ];

    /// A comparison of two clients, the second `faster` times as fast, as `wlx compare` makes it.
    fn compare(machine: Machine, faster: f64, seed: u64) -> (Verdict, f64, f64) {
        let mut random = Rng::with_seed(seed);
        let mut seconds = machine(&mut random);
        let mut order = Order::new(2, seed);
        let (mut pairs, mut rule) = (Vec::new(), StopRule::new(PRECISION));
        loop {
            for _ in 0..2 {
                let mut pair = [0.0; 2];
                for side in order.next().unwrap() {
                    pair[side] = seconds(&mut random) / if side == 1 { faster } else { 1.0 };
                }
                pairs.push((pair[0], pair[1]));
            }
            if pairs.len() < MOST_ROUNDS && !rule.wants_to_look(pairs.len()) {
                continue;
            }
            let ratio = of_pairs(&pairs, Draws::few(seed)).unwrap();
            if rule.is_enough(pairs.len(), &[ratio]) || pairs.len() >= MOST_ROUNDS {
                return (verdict(&ratio, PRECISION), ratio.low, ratio.high);
            }
        }
    }

    #[test]
    fn a_client_beside_itself_is_called_different_in_fewer_than_five_of_a_hundred_cases() {
        let mut wrong = 0;
        for (name, machine) in MACHINES {
            let of_this = (0..TRIALS)
                .filter(|seed| {
                    let (verdict, _, _) = compare(machine, 1.0, *seed);
                    matches!(verdict, Verdict::Faster { .. } | Verdict::Slower { .. })
                })
                .count();
            assert!(of_this <= 8, "{name}: {of_this} of {TRIALS}");
            wrong += of_this;
        }
        assert!(wrong * 100 <= MACHINES.len() * 100 * 5, "{wrong} in all");
    }

    /// Rounds of a client beside itself, as `wlx compare` recorded them.
    const RECORDED: [(&str, &str); 2] =
        [("drifting", include_str!("recorded/drifting.csv")), ("bursty", include_str!("recorded/bursty.csv"))];

    #[test]
    fn a_client_beside_itself_as_it_was_recorded_is_not_called_different() {
        for (name, text) in RECORDED {
            let rows = text.lines().filter(|line| !line.starts_with('#'));
            let pairs: Vec<(f64, f64)> = rows
                .map(|row| row.split_once(',').expect("two columns"))
                .map(|(one, other)| (one.parse().expect("seconds"), other.parse().expect("seconds")))
                .collect();
            let (mut wrong, mut all) = (0, 0);
            // A comparison could have begun at any round, and either side could have been the first.
            for begin in (0..pairs.len() - FIRST_LOOK).step_by(2) {
                for swapped in [false, true] {
                    let of = |(one, other): &(f64, f64)| if swapped { (*other, *one) } else { (*one, *other) };
                    let series: Vec<(f64, f64)> = pairs[begin..].iter().map(of).collect();
                    let mut rule = StopRule::new(PRECISION);
                    let verdict = (FIRST_LOOK..=series.len().min(MOST_ROUNDS)).step_by(2).find_map(|rounds| {
                        let last = rounds + 2 > series.len().min(MOST_ROUNDS);
                        if !last && !rule.wants_to_look(rounds) {
                            return None;
                        }
                        let ratio = of_pairs(&series[..rounds], Draws::few(begin as u64))?;
                        (rule.is_enough(rounds, &[ratio]) || last).then(|| verdict(&ratio, PRECISION))
                    });
                    all += 1;
                    wrong += usize::from(matches!(verdict, Some(Verdict::Faster { .. } | Verdict::Slower { .. })));
                }
            }
            assert!(wrong * 100 <= all * 5, "{name}: {wrong} of {all}");
        }
    }

    #[test]
    fn ten_percent_are_found_and_held_by_the_interval() {
        for (name, machine) in MACHINES {
            let (mut found, mut held) = (0, 0);
            for seed in 0..TRIALS {
                let (verdict, low, high) = compare(machine, 1.1, 1000 + seed);
                found += usize::from(matches!(verdict, Verdict::Faster { .. }));
                held += usize::from(low <= 1.1 && 1.1 <= high);
            }
            assert!(found >= 85 && held >= 88, "{name}: {found} found, {held} held of {TRIALS}");
        }
    }
}
