//! Questions across relationship paths: what is joined, counted, grouped and numbered, against SQL written by hand.

mod money;
mod customers;
mod invoices;
mod sales;
mod tracks;
mod staff;
mod search;
mod views;

// Entities as JSON, each under the alias that the statements give its table.
const CUSTOMER: &str = "jsonb_build_object('id', c.customer_id, 'first_name', c.first_name, 'last_name', c.last_name,
    'company', c.company, 'city', c.city, 'country', c.country, 'support_rep_id', c.support_rep_id)";
const EMPLOYEE: &str = "jsonb_build_object('id', e.employee_id, 'first_name', e.first_name, 'last_name', e.last_name,
    'title', e.title, 'reports_to', e.reports_to)";
const INVOICE: &str = "jsonb_build_object('id', i.invoice_id, 'date', jsonb_build_object(
    'secs_since_epoch', extract(epoch FROM i.invoice_date)::bigint, 'nanos_since_epoch', 0),
    'total', (i.total * 100)::bigint, 'customer_id', i.customer_id,
    'billing', jsonb_build_object('city', i.billing_city, 'country', i.billing_country))";
