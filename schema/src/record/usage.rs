//! The resources that a repeat used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::ContextSwitches;

/// The resources that a repeat used: of the client's processes, of the embedded server, and of the whole machine.
///
/// All figures are read from the operating system right before and right after the repeat. A figure that the system does
/// not provide is absent, never 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Usage {
    /// Context switches of the client's processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_switches: Option<ContextSwitches>,
    /// Bytes that the client's processes read from storage. Reads from the page cache are not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_read_bytes: Option<u64>,
    /// Bytes that the client's processes caused to be written to storage, immediately or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_write_bytes: Option<u64>,
    /// CPU seconds of the busiest thread of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busiest_thread_seconds: Option<f64>,
    /// CPU seconds of the embedded server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_cpu_seconds: Option<f64>,
    /// What the whole machine did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine: Option<MachineUsage>,
}

/// What the whole machine did during a repeat, for any process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MachineUsage {
    /// Wall seconds between the two readings.
    pub seconds: f64,
    /// CPU seconds during which cores were busy.
    pub cpu_busy_seconds: f64,
    /// CPU seconds during which the hypervisor gave cores to other guests.
    pub cpu_steal_seconds: f64,
    /// CPU seconds during which cores were idle and waited for storage.
    pub cpu_disk_wait_seconds: f64,
    /// Name of the network interface that leads to the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// Speed of this interface in bits per second, if it reports one. Loopback does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_bits_per_second: Option<u64>,
    /// Bytes that this interface received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_bytes: Option<u64>,
    /// Bytes that this interface sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_bytes: Option<u64>,
    /// TCP segments that were sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp_retransmits: Option<u64>,
    /// Pages that were swapped in or out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_pages: Option<u64>,
}
