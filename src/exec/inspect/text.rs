//! The statements that ask the catalog.
//!
//! They name its tables, functions and types with their schema, since a search path may have others of these names.

/// The tables of these names, as statements would find them, and the tables below them.
///
/// `$1` are the schemas, NULL where a name has none, `$2` the names. A name is cut to its length as an identifier is.
pub(super) const TABLES: &str = "\
WITH RECURSIVE asked AS (
    SELECT w.at, w.schema, f.oid
    FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS w (schema, name, at)
    LEFT JOIN LATERAL (
        SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = w.name::pg_catalog.name AND CASE
            WHEN w.schema IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
            WHEN w.schema = 'pg_temp' THEN n.oid = pg_catalog.pg_my_temp_schema()
            ELSE n.nspname = w.schema::pg_catalog.name END
    ) AS f ON true
), below AS (
    SELECT oid, NULL::pg_catalog.oid AS parent FROM asked WHERE oid IS NOT NULL
    UNION
    SELECT i.inhrelid, i.inhparent FROM pg_catalog.pg_inherits i JOIN below b ON b.oid = i.inhparent
)
SELECT r.at, r.oid, r.parent, CURRENT_USER::pg_catalog.text,
    r.schema IS NOT NULL AND r.schema <> 'pg_temp' AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = r.schema::pg_catalog.name),
    c.relkind::pg_catalog.text, n.nspname::pg_catalog.text, c.relname::pg_catalog.text,
    pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
    ARRAY(
        SELECT a.attname::pg_catalog.text
        FROM pg_catalog.pg_partitioned_table p
        CROSS JOIN LATERAL pg_catalog.unnest(p.partattrs::pg_catalog.int2[]) WITH ORDINALITY AS k (number, at)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.number AND k.number <> 0
        WHERE p.partrelid = c.oid ORDER BY k.at)
FROM (
    SELECT at, schema, oid, NULL::pg_catalog.oid AS parent FROM asked
    UNION ALL
    SELECT NULL, NULL, oid, parent FROM below WHERE parent IS NOT NULL
) AS r
LEFT JOIN pg_catalog.pg_class c ON c.oid = r.oid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY r.at, r.parent, r.oid";

/// Columns: `$1` are the numbers of their tables, `$2` their names.
///
/// A column's type is the one below its domains, which may say that it is not NULL.
pub(super) const COLUMNS: &str = "\
WITH RECURSIVE asked AS (
    SELECT w.at, a.*
    FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS w (tab, name, at)
    JOIN pg_catalog.pg_attribute a
        ON a.attrelid = w.tab AND a.attname = w.name::pg_catalog.name AND NOT a.attisdropped
), based AS (
    SELECT at, atttypid AS type, attnotnull AS not_null FROM asked
    UNION ALL
    SELECT b.at, t.typbasetype, b.not_null OR t.typnotnull
    FROM based b JOIN pg_catalog.pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
)
SELECT a.at, a.attname::pg_catalog.text, b.not_null,
    COALESCE(pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT'), true),
    pg_catalog.format_type(a.atttypid, a.atttypmod), t.oid,
    CASE WHEN t.typtype <> 'p' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        THEN pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) END,
    COALESCE(NOT c.collisdeterministic, false)
FROM asked a
JOIN based b ON b.at = a.at
JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
ORDER BY a.at";

/// The indexes of these tables, a row for each column of their keys.
pub(super) const INDEXES: &str = "\
SELECT i.indrelid, i.indexrelid, c.relname::pg_catalog.text, i.indisunique, i.indisprimary,
    i.indisvalid AND i.indisready AND i.indislive, i.indimmediate, m.amname IN ('btree', 'hash'),
    pg_catalog.pg_get_expr(i.indpred, i.indrelid), a.attname::pg_catalog.text,
    COALESCE(a.attcollation = i.indcollation[k.at] AND (o.opcintype = a.atttypid OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_opclass d
        WHERE d.opcmethod = o.opcmethod AND d.opcdefault AND d.opcintype = a.atttypid)), false),
    m.amname = 'btree' AND EXISTS (
        SELECT FROM pg_catalog.pg_opclass d WHERE d.opcfamily = o.opcfamily AND d.opcdefault),
    i.indoption[k.at] & 1 <> 0, i.indoption[k.at] & 2 <> 0
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = c.relam
CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS k (at)
JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[k.at]
LEFT JOIN pg_catalog.pg_attribute a
    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at] AND i.indkey[k.at] <> 0
WHERE i.indrelid = ANY($1)
ORDER BY c.relname, i.indexrelid, k.at";

/// The foreign keys of these tables, a row for each of their columns.
///
/// One is strict if none of its columns can be NULL, or all are if one is.
pub(super) const FOREIGN_KEYS: &str = "\
SELECT k.conrelid, k.oid, k.conname::pg_catalog.text, k.confrelid, k.convalidated,
    k.confmatchtype = 'f' OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey) AND NOT a.attnotnull),
    s.attname::pg_catalog.text, t.attname::pg_catalog.text
FROM pg_catalog.pg_constraint k
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))
    WITH ORDINALITY AS p (source, target, at)
JOIN pg_catalog.pg_attribute s ON s.attrelid = k.conrelid AND s.attnum = p.source
JOIN pg_catalog.pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = p.target
WHERE k.contype = 'f' AND k.conrelid = ANY($1)
ORDER BY k.conname, k.oid, p.at";

/// Whether the types of `$1` and those of `$2` are compared by an operator of an index, and whether at all.
///
/// An index takes a type as the one that its operators are made for, `varchar` as `text`, an enum as `anyenum`.
pub(super) const COMPARISONS: &str = "\
WITH pairs AS (
    SELECT p.a, p.b, p.at FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS p (a, b, at)
), taken AS (
    SELECT t.oid, COALESCE(
        (SELECT o.opcintype FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
            WHERE m.amname IN ('btree', 'hash') AND o.opcdefault AND o.opcintype = t.oid LIMIT 1),
        (SELECT o.opcintype FROM pg_catalog.pg_cast c
            JOIN pg_catalog.pg_opclass o ON o.opcintype = c.casttarget AND o.opcdefault
            JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
            JOIN pg_catalog.pg_type i ON i.oid = o.opcintype
            WHERE m.amname IN ('btree', 'hash') AND c.castsource = t.oid AND c.castmethod = 'b' AND c.castcontext = 'i'
            ORDER BY i.typispreferred DESC, i.oid LIMIT 1),
        CASE
            WHEN t.typtype = 'e' THEN 'pg_catalog.anyenum'::pg_catalog.regtype
            WHEN t.typtype = 'r' THEN 'pg_catalog.anyrange'::pg_catalog.regtype
            WHEN t.typtype = 'm' THEN pg_catalog.to_regtype('pg_catalog.anymultirange')
            WHEN t.typtype = 'c' THEN 'pg_catalog.record'::pg_catalog.regtype
            WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'pg_catalog.anyarray'::pg_catalog.regtype
        END) AS input
    FROM pg_catalog.pg_type t WHERE t.oid = ANY($1) OR t.oid = ANY($2)
), compared AS (
    SELECT p.at, p.a, p.b, (p.a = p.b OR i.typtype <> 'p') AND EXISTS (
        SELECT FROM pg_catalog.pg_amop o JOIN pg_catalog.pg_am m ON m.oid = o.amopmethod
        WHERE o.amoplefttype = x.input AND o.amoprighttype = y.input
            AND (m.amname = 'btree' AND o.amopstrategy = 3 OR m.amname = 'hash' AND o.amopstrategy = 1)) AS indexed
    FROM pairs p JOIN taken x ON x.oid = p.a JOIN taken y ON y.oid = p.b
    LEFT JOIN pg_catalog.pg_type i ON i.oid = x.input
)
SELECT c.at, COALESCE(c.indexed, false), EXISTS (
        SELECT FROM pg_catalog.pg_operator o WHERE o.oprname = '=' AND o.oprleft = c.a AND o.oprright = c.b
    ) OR c.a <> c.b AND EXISTS (
        SELECT FROM pg_catalog.pg_cast k WHERE k.castcontext = 'i'
            AND (k.castsource, k.casttarget) IN ((c.a, c.b), (c.b, c.a)))
FROM compared c ORDER BY c.at";
