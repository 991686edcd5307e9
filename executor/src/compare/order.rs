//! The order of turns: every client once per round, each order followed by its mirror image (A B B A). So neither slow
//! drift nor the client before favours any of them.

use fastrand::Rng;

/// An endless sequence of rounds.
#[derive(Debug)]
pub struct Order {
    random: Rng,
    mirror: Option<Vec<usize>>,
    clients: usize,
}

impl Order {
    /// The order of `clients` clients, numbered from 0. The same seed gives the same order.
    pub fn new(clients: usize, seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), mirror: None, clients }
    }
}

impl Iterator for Order {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        if let Some(mirror) = self.mirror.take() {
            return Some(mirror);
        }
        let mut round: Vec<usize> = (0..self.clients).collect();
        self.random.shuffle(&mut round);
        self.mirror = Some(round.iter().rev().copied().collect());
        Some(round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_has_everybody_and_is_mirrored() {
        let rounds: Vec<Vec<usize>> = Order::new(3, 7).take(40).collect();
        for pair in rounds.chunks(2) {
            let mut sorted = pair[0].clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2]);
            assert!(pair[0].iter().eq(pair[1].iter().rev()));
        }
        assert_eq!(rounds, Order::new(3, 7).take(40).collect::<Vec<_>>());
        assert_ne!(rounds, Order::new(3, 8).take(40).collect::<Vec<_>>());
    }

    #[test]
    fn two_clients_go_first_equally_often() {
        let first: usize = Order::new(2, 1).take(100).map(|round| round[0]).sum();
        assert_eq!(first, 50);
    }
}
