//! How far a download may be ahead of the disk.

/// Bytes that a download may be ahead of the disk: enough for all connections if it is alone, its share if not.
pub fn window(connections: usize, tasks_in_flight: usize, part_size: usize) -> usize {
    connections.div_ceil(tasks_in_flight).max(2).saturating_mul(part_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_alone_may_use_all_connections() {
        assert_eq!(window(25, 1, 8), 200);
        assert_eq!(window(25, 10, 8), 24);
        assert_eq!(window(25, 25, 8), 16, "never less than two parts");
    }
}
