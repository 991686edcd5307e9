//! Defaults of the fields that a source leaves out (contract 2).

use std::num::NonZeroU64;

/// Default of `numFiles`.
pub const DEFAULT_NUM_FILES: NonZeroU64 = NonZeroU64::MIN;
/// Default of `filesOnDisk`.
pub const DEFAULT_FILES_ON_DISK: bool = true;
/// Default of `maxRepeatCount`.
pub const DEFAULT_MAX_REPEAT_COUNT: NonZeroU64 = NonZeroU64::new(10).unwrap();
/// Default of `maxRepeatSecs`.
pub const DEFAULT_MAX_REPEAT_SECS: NonZeroU64 = NonZeroU64::new(600).unwrap();
