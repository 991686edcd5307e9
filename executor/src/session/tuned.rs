//! `--tuned`: the same part size, connections and files in flight for all clients that take them.

use workload_schema::Gbps;
use workload_schema::event::Tuned;

use s3_clients::{PartSize, connections_for};

/// What the flag means without a value.
pub const AS_NATIVE: &str = "native";

/// Reads any of `part-size=16MiB,connections=32,files=8`; or [`AS_NATIVE`], the values of our native clients.
pub fn parse(text: &str, target: Gbps) -> Result<Tuned, String> {
    if text == AS_NATIVE {
        let connections = connections_for(target) as u64;
        return Ok(Tuned {
            part_size_bytes: Some(PartSize::DEFAULT.get()),
            connections: Some(connections),
            files_in_flight: Some(connections),
        });
    }
    let mut tuned = Tuned::default();
    for part in text.split(',') {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` is not of the form NAME=VALUE"))?;
        let count = || match value.parse::<u64>() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(format!("`{value}` of {name} is not a number above 0")),
        };
        match name {
            "part-size" => tuned.part_size_bytes = Some(part_size(value)?),
            "connections" => tuned.connections = count()?,
            "files" => tuned.files_in_flight = count()?,
            _ => return Err(format!("unknown value `{name}` (known: part-size, connections, files)")),
        }
    }
    Ok(tuned)
}

fn part_size(text: &str) -> Result<u64, String> {
    let size = text.parse::<workload_schema::ByteSize>().map_err(|error| error.to_string())?.0;
    // Except for the last part, S3 takes none smaller than 5 MiB. It takes none larger than 5 GiB.
    match size {
        s if !(5 << 20..=5 << 30).contains(&s) => Err(format!("part-size {text} is not between 5MiB and 5GiB")),
        s if !s.is_multiple_of(1 << 20) => Err(format!("part-size {text} is not a whole number of MiB")),
        s => Ok(s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_others_are_told() {
        let target = Gbps::new(10.0).unwrap();
        let tuned = parse("part-size=16MiB,files=8", target).unwrap();
        assert_eq!((tuned.part_size_bytes, tuned.connections, tuned.files_in_flight), (Some(16 << 20), None, Some(8)));
        let tuned = parse(AS_NATIVE, target).unwrap();
        assert_eq!((tuned.part_size_bytes, tuned.connections), (Some(8 << 20), Some(25)));
        let wrong = ["", "files", "files=0", "part-size=1MiB", "part-size=5.5MiB", "part-size=5243000bytes", "width=1"];
        let told: Vec<String> = wrong.iter().map(|text| parse(text, target).unwrap_err()).collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
