//! An owned parameter value, and binary forms that values and keys share.
//!
//! It is bound as it is: nothing here knows SQL, and its `Debug` shows no value, since queries are logged.

use std::any::TypeId;
use std::fmt;
use std::num::TryFromIntError;
use std::sync::Arc;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Kind, ToSql, Type};

/// A parameter of a statement, shared by the query's clones.
#[derive(Clone)]
pub struct Value(Arc<dyn Parameter>);

/// What can be sent, and told from another.
trait Parameter: ToSql + Send + Sync {
    fn rust_type(&self) -> TypeId;

    /// The value as it would be sent as the first built-in type that takes it.
    fn bytes(&self) -> Option<Vec<u8>>;
}

impl<T: ToSql + Send + Sync + 'static> Parameter for T {
    fn rust_type(&self) -> TypeId {
        TypeId::of::<T>()
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        let ty = INFERRED.iter().find(|ty| T::accepts(ty))?;
        let mut bytes = BytesMut::new();
        match self.to_sql_checked(ty, &mut bytes) {
            Ok(sent) => {
                let mut bytes = bytes.to_vec();
                bytes.push(u8::from(matches!(sent, tokio_postgres::types::IsNull::Yes)));
                Some(bytes)
            }
            Err(_) => None,
        }
    }
}

impl Value {
    /// Takes a value of any type that tokio-postgres can send.
    pub fn new(value: impl ToSql + Send + Sync + 'static) -> Self {
        Value(Arc::new(value))
    }

    /// What tells it from other values of its type.
    pub(crate) fn content(&self) -> Vec<u8> {
        self.0.bytes().unwrap_or_else(|| format!("{:?}", self.0).into_bytes())
    }

    /// The value, to be bound or (`ToSql` is `Debug`) shown on purpose.
    pub fn as_sql(&self) -> &(dyn ToSql + Sync) {
        &*self.0
    }
}

/// The same value, or one of its type that would be sent as the same bytes. A type that no built-in type of PostgreSQL takes,
/// as an enum, has to print its values apart.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.rust_type() == other.0.rust_type() && self.content() == other.content())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(_)")
    }
}

/// The width in bytes of an integer type.
pub(crate) fn integer_width(ty: &Type) -> Option<usize> {
    match ty.kind() {
        Kind::Domain(of) => integer_width(of),
        _ if *ty == Type::INT4 => Some(4),
        _ if *ty == Type::INT8 => Some(8),
        _ if *ty == Type::INT2 => Some(2),
        _ => None,
    }
}

/// The head of an array in its binary form: dimensions, whether there are NULLs, the element's type; of the one dimension the
/// length and the first index. The elements follow, each behind its length, which is -1 for NULL.
pub(crate) fn array_head(
    element: &Type,
    nulls: bool,
    length: usize,
    out: &mut BytesMut,
) -> Result<(), TryFromIntError> {
    for word in [1, u32::from(nulls), element.oid(), u32::try_from(length)?, 1] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    Ok(())
}

/// The types that PostgreSQL gives a parameter because of what it is compared with.
pub(crate) const INFERRED: [Type; 34] = [
    Type::BOOL,
    Type::BYTEA,
    Type::CHAR,
    Type::INT2,
    Type::INT4,
    Type::INT8,
    Type::OID,
    Type::FLOAT4,
    Type::FLOAT8,
    Type::NUMERIC,
    Type::TEXT,
    Type::VARCHAR,
    Type::BPCHAR,
    Type::NAME,
    Type::JSON,
    Type::JSONB,
    Type::UUID,
    Type::DATE,
    Type::TIME,
    Type::TIMETZ,
    Type::TIMESTAMP,
    Type::TIMESTAMPTZ,
    Type::INTERVAL,
    Type::INET,
    Type::MACADDR,
    Type::MACADDR8,
    Type::BIT,
    Type::VARBIT,
    Type::POINT,
    Type::BOX,
    Type::PATH,
    Type::BOOL_ARRAY,
    Type::INT4_ARRAY,
    Type::TEXT_ARRAY,
];
