//! What the output of `#[derive(Newtype)]` names.

use std::error::Error as StdError;

pub use tokio_postgres::types::private::BytesMut;
pub use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type};
use tokio_postgres::types::{Kind, WrongType};

pub use crate::expr::Text;

/// Why a value cannot be sent or read.
pub type Failure = Box<dyn StdError + Sync + Send>;

/// The type as the newtype's value knows it: a domain is sent as what it is a domain of.
pub fn base(ty: &Type, accepts: fn(&Type) -> bool) -> &Type {
    match ty.kind() {
        Kind::Domain(of) if !accepts(ty) => base(of, accepts),
        _ => ty,
    }
}

/// The body of every `ToSql::to_sql_checked`.
pub fn to_sql_checked<T: ToSql>(value: &T, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    if T::accepts(ty) { value.to_sql(ty, out) } else { Err(Box::new(WrongType::new::<T>(ty.clone()))) }
}
