//! The calls that there are. The client and the server both take methods and names from here.

use http::Method;

/// The path of the admin calls. No bucket can have that name.
pub(crate) const PREFIX: &str = "/_admin/";

/// An admin call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdminCall {
    Declare,
    SetRecording,
    Records,
    SetFaults,
    Faults,
    Status,
}

impl AdminCall {
    const ALL: [Self; 6] =
        [Self::Declare, Self::SetRecording, Self::Records, Self::SetFaults, Self::Faults, Self::Status];

    pub(crate) fn method(self) -> Method {
        match self {
            Self::Declare | Self::SetRecording | Self::Records | Self::SetFaults => Method::POST,
            Self::Faults | Self::Status => Method::GET,
        }
    }

    /// The path after [`PREFIX`].
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Declare => "declare",
            Self::SetRecording => "recording",
            Self::Records => "records",
            Self::SetFaults | Self::Faults => "faults",
            Self::Status => "status",
        }
    }

    /// The call of that method and name, if there is one.
    pub(crate) fn of(method: &Method, name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.method() == *method && call.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_found_by_its_method_and_name() {
        for call in AdminCall::ALL {
            assert_eq!(AdminCall::of(&call.method(), call.name()), Some(call));
        }
        assert_eq!(AdminCall::of(&Method::DELETE, "faults"), None);
        assert_eq!(AdminCall::of(&Method::GET, "declare"), None);
    }
}
