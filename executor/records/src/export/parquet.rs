//! Parquet: typed, compressed columns, for data frames and query engines.
//!
//! Rows are held back until there are enough for a row group, so that neither side ever has to have all of them in memory.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::field::{Field, Kind, Row, RowSink, Value};
use super::level::Level;

/// Rows of a row group: enough that a reader of one column skips far, few enough that one is some tens of MB at most.
const GROUP_ROWS: usize = 1 << 16;
/// Name of the whole schema; readers do not show it.
const SCHEMA: &str = "wlx";

/// Writes rows as Parquet.
pub(crate) struct ParquetRows<'a> {
    writer: SerializedFileWriter<Pipe>,
    pipe: Pipe,
    columns: Vec<Cells>,
    rows: usize,
    out: &'a mut dyn Write,
}

impl<'a> ParquetRows<'a> {
    /// Writes the head of the file.
    pub(crate) fn begin(level: Level, fields: &[Field], out: &'a mut dyn Write) -> io::Result<Self> {
        let metadata = [("wlx.version", env!("CARGO_PKG_VERSION")), ("wlx.level", level.as_str())];
        let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
        let properties = WriterProperties::builder()
            .set_created_by(format!("wlx {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata.to_vec()))
            .set_compression(Compression::SNAPPY)
            .build();
        let pipe = Pipe::default();
        let writer = SerializedFileWriter::new(pipe.clone(), Arc::new(schema(fields)?), Arc::new(properties))?;
        let columns = fields.iter().map(|field| Cells::of(field.kind)).collect();
        Ok(Self { writer, pipe, columns, rows: 0, out })
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        self.pipe.drain(self.out)
    }
}

impl RowSink for ParquetRows<'_> {
    fn row(&mut self, row: &Row<'_>) -> io::Result<()> {
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.add(value.as_ref())?;
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.finish()?;
        self.pipe.drain(self.out)
    }
}

fn schema(fields: &[Field]) -> Result<Type, ParquetError> {
    let columns = fields.iter().map(|field| {
        let (physical, logical) = match field.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Float => (Physical::DOUBLE, None),
            Kind::Truth => (Physical::BOOLEAN, None),
            Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        };
        let column = Type::primitive_type_builder(&field.name, physical).with_logical_type(logical);
        column.with_repetition(Repetition::OPTIONAL).build().map(Arc::new)
    });
    Type::group_type_builder(SCHEMA).with_fields(columns.collect::<Result<_, _>>()?).build()
}

/// The cells of one column that are not written yet.
enum Cells {
    Text(Column<ByteArrayType>),
    Integer(Column<Int64Type>),
    Float(Column<DoubleType>),
    Truth(Column<BoolType>),
    Time(Column<Int64Type>),
}

impl Cells {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Column::new()),
            Kind::Integer => Self::Integer(Column::new()),
            Kind::Float => Self::Float(Column::new()),
            Kind::Truth => Self::Truth(Column::new()),
            Kind::Time => Self::Time(Column::new()),
        }
    }

    fn add(&mut self, value: Option<&Value<'_>>) -> io::Result<()> {
        match (self, value) {
            (Self::Text(column), Some(Value::Text(text))) => column.add_text(text),
            (Self::Integer(column), Some(Value::Integer(number))) => column.add(Some(*number)),
            (Self::Float(column), Some(Value::Float(number))) => column.add(Some(*number)),
            (Self::Truth(column), Some(Value::Truth(truth))) => column.add(Some(*truth)),
            (Self::Time(column), Some(Value::Time(time))) => column.add(Some(microseconds(time)?)),
            (Self::Text(column), None) => column.add(None),
            (Self::Integer(column) | Self::Time(column), None) => column.add(None),
            (Self::Float(column), None) => column.add(None),
            (Self::Truth(column), None) => column.add(None),
            (_, Some(value)) => unreachable!("the tables of columns give each its own kind, not {value:?}"),
        }
        Ok(())
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, Pipe>) -> Result<(), ParquetError> {
        match self {
            Self::Text(column) => column.write(group),
            Self::Integer(column) | Self::Time(column) => column.write(group),
            Self::Float(column) => column.write(group),
            Self::Truth(column) => column.write(group),
        }
    }
}

/// Values as the format has them: those that there are, and for each row whether there is one.
struct Column<T: DataType> {
    values: Vec<T::T>,
    there: Vec<i16>,
}

impl<T: DataType> Column<T> {
    fn new() -> Self {
        Self { values: Vec::new(), there: Vec::new() }
    }

    fn add(&mut self, value: Option<T::T>) {
        self.there.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, Pipe>) -> Result<(), ParquetError> {
        let (values, there) = (mem::take(&mut self.values), mem::take(&mut self.there));
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
        column.typed::<T>().write_batch(&values, Some(&there), None)?;
        column.close()
    }
}

impl Column<ByteArrayType> {
    fn add_text(&mut self, text: &str) {
        // The names of a run are the same in all its rows: those share one copy.
        let same = self.values.last().filter(|last| last.data() == text.as_bytes());
        let value = same.cloned().unwrap_or_else(|| ByteArray::from(text));
        self.add(Some(value));
    }
}

fn microseconds(time: &str) -> io::Result<i64> {
    let time: Timestamp = time.parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(time.as_microsecond())
}

/// What the library has written and the output has not got yet. The library wants a writer that it may send to other
/// threads, which a locked stdout is not.
#[derive(Debug, Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn drain(&self, out: &mut dyn Write) -> io::Result<()> {
        let written = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        out.write_all(&written)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
