//! Types that are text, dates, times or JSON to PostgreSQL.

/// A type whose values are text to PostgreSQL, so that `LIKE` applies. Implement it for newtypes of `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "not text",
    note = "`like`, `lower`, `concat` and their kin are for text: `.cast::<String>()` makes a text of a number; a newtype of \
            `String` can implement `relata::Text`"
)]
pub trait Text {}

impl Text for String {}

/// A type whose values are points in time or days to PostgreSQL, so that they have a year and a month. Implement it for
/// types of the program's own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a date nor a time stamp",
    label = "neither a date nor a time stamp",
    note = "a date type of the program's own can implement `relata::Temporal`; those of chrono, time and jiff have it with \
            their features"
)]
pub trait Temporal {}

/// A type whose values have a time of day to PostgreSQL: time stamps, and times themselves. Implement it for types of the
/// program's own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no time of day",
    label = "neither a time nor a time stamp",
    note = "a date has no hour; a type of the program's own that has one can implement `relata::TimeOfDay`"
)]
pub trait TimeOfDay {}

impl Temporal for std::time::SystemTime {}
impl TimeOfDay for std::time::SystemTime {}

macro_rules! temporal {
    ($($(#[$feature:meta])? $type:ty: $first:ident $(, $second:ident)?;)*) => {
        $(
            $(#[$feature])?
            const _: () = {
                impl $first for $type {}
                $(impl $second for $type {})?
            };
        )*
    };
}

temporal! {
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveDate: Temporal;
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveDateTime: Temporal, TimeOfDay;
    #[cfg(feature = "with-chrono-0_4")]
    chrono::DateTime<chrono::Utc>: Temporal, TimeOfDay;
    #[cfg(feature = "with-time-0_3")]
    time::Date: Temporal;
    #[cfg(feature = "with-time-0_3")]
    time::PrimitiveDateTime: Temporal, TimeOfDay;
    #[cfg(feature = "with-time-0_3")]
    time::OffsetDateTime: Temporal, TimeOfDay;
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::Date: Temporal;
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::DateTime: Temporal, TimeOfDay;
    #[cfg(feature = "with-jiff-0_2")]
    jiff::Timestamp: Temporal, TimeOfDay;
    #[cfg(feature = "with-chrono-0_4")]
    chrono::NaiveTime: TimeOfDay;
    #[cfg(feature = "with-time-0_3")]
    time::Time: TimeOfDay;
    #[cfg(feature = "with-jiff-0_2")]
    jiff::civil::Time: TimeOfDay;
}

/// A type whose values are JSON to PostgreSQL. Implement it for types of the program's own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not JSON",
    label = "not JSON",
    note = "`serde_json::Value` is, with the feature `with-serde_json-1`; a type of the program's own can implement \
            `relata::Json`"
)]
pub trait Json {}

#[cfg(feature = "with-serde_json-1")]
impl Json for serde_json::Value {}
