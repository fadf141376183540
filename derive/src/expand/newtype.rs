//! What a newtype is to PostgreSQL and to relata: what it holds.
//!
//! NULL is not its business: a column that can be NULL is an `Option` of it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Member, Type};

use super::{allow, generated};
use crate::newtype::Newtype;
use crate::place;

/// All that `#[derive(Newtype)]` generates.
pub(crate) fn newtype(newtype: &Newtype) -> TokenStream {
    match &newtype.inner {
        Some((member, inner)) if !newtype.broken => {
            let mut code = sql(newtype, member, inner);
            code.extend(values(newtype, inner));
            code.extend(assertion(newtype, inner));
            code
        }
        _ => fallback(newtype),
    }
}

/// `ToSql` and `FromSql`, by the value. A domain is to its newtype what it is a domain of.
fn sql(newtype: &Newtype, member: &Member, inner: &Type) -> TokenStream {
    let (ident, krate, generated) = (&newtype.ident, &newtype.krate, generated());
    let n = quote!(#krate::__private::newtype);
    // A type that PostgreSQL does not have is an error at the type.
    let p = place::moved(n.clone(), inner.span());
    let to_sql = quote_spanned!(place::of(inner.span())=> <#inner as #p::ToSql>);
    let from_sql = quote_spanned!(place::of(inner.span())=> <#inner as #p::FromSql<'__r>>);
    quote! {
        #generated
        impl #n::ToSql for #ident {
            fn to_sql(
                &self,
                __ty: &#n::Type,
                __out: &mut #n::BytesMut,
            ) -> ::core::result::Result<#n::IsNull, #n::Failure> {
                #to_sql::to_sql(&self.#member, #n::base(__ty, #to_sql::accepts), __out)
            }
            fn accepts(__ty: &#n::Type) -> bool {
                #to_sql::accepts(#n::base(__ty, #to_sql::accepts))
            }
            fn encode_format(&self, __ty: &#n::Type) -> #n::Format {
                #to_sql::encode_format(&self.#member, #n::base(__ty, #to_sql::accepts))
            }
            fn to_sql_checked(
                &self,
                __ty: &#n::Type,
                __out: &mut #n::BytesMut,
            ) -> ::core::result::Result<#n::IsNull, #n::Failure> {
                #n::to_sql_checked(self, __ty, __out)
            }
        }
        #generated
        impl<'__r> #n::FromSql<'__r> for #ident {
            fn from_sql(__ty: &#n::Type, __raw: &'__r [u8]) -> ::core::result::Result<Self, #n::Failure> {
                let __ty = #n::base(__ty, #from_sql::accepts);
                ::core::result::Result::map(#from_sql::from_sql(__ty, __raw), #ident)
            }
            fn accepts(__ty: &#n::Type) -> bool {
                #from_sql::accepts(#n::base(__ty, #from_sql::accepts))
            }
        }
    }
}

/// `From` what it holds, and what text is to it if it holds text. A macro cannot see whether it does: these impls hold
/// where their condition does, and its lifetime keeps the compiler from judging it here.
fn values(newtype: &Newtype, inner: &Type) -> TokenStream {
    let (ident, krate, generated) = (&newtype.ident, &newtype.krate, generated());
    quote! {
        #generated
        impl ::core::convert::From<#inner> for #ident {
            fn from(__value: #inner) -> Self {
                #ident(__value)
            }
        }
        #generated
        impl<'__t> ::core::convert::From<&'__t str> for #ident
        where
            #inner: ::core::convert::From<&'__t str>,
        {
            fn from(__text: &'__t str) -> Self {
                #ident(<#inner as ::core::convert::From<&'__t str>>::from(__text))
            }
        }
        #generated
        impl #krate::__private::newtype::Text for #ident where for<'__t> #inner: #krate::__private::newtype::Text {}
        // What `only = (…)` asks of the constants beside a column.
        #generated
        impl #krate::__private::Integer for #ident where for<'__t> #inner: #krate::__private::Integer {}
        #generated
        impl #krate::__private::Truth for #ident where for<'__t> #inner: #krate::__private::Truth {}
        #generated
        impl #krate::__private::Unquoted for #ident where for<'__t> #inner: #krate::__private::Unquoted {}
    }
}

/// Refuses an `Option` under another name: the newtype could not be read where the column is NULL.
fn assertion(newtype: &Newtype, inner: &Type) -> TokenStream {
    let (krate, allow) = (&newtype.krate, allow());
    let p = place::moved(quote!(#krate::__private), inner.span());
    let message =
        "a newtype holds a value that is there: put the `Option` around the newtype where a column can be NULL";
    let assertion =
        quote_spanned!(place::of(inner.span())=> ::core::assert!(!#p::Probe::<#inner>::IS_OPTION, #message););
    quote! {
        #allow
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::NoOption as _;
            #assertion
        };
    }
}

/// After an error: a column of this type brings no other.
fn fallback(newtype: &Newtype) -> TokenStream {
    let (ident, krate, generated) = (&newtype.ident, &newtype.krate, generated());
    let n = quote!(#krate::__private::newtype);
    quote! {
        #generated
        impl #n::ToSql for #ident {
            fn to_sql(&self, _: &#n::Type, _: &mut #n::BytesMut) -> ::core::result::Result<#n::IsNull, #n::Failure> {
                ::core::unreachable!()
            }
            fn accepts(_: &#n::Type) -> bool {
                ::core::unreachable!()
            }
            fn to_sql_checked(
                &self,
                _: &#n::Type,
                _: &mut #n::BytesMut,
            ) -> ::core::result::Result<#n::IsNull, #n::Failure> {
                ::core::unreachable!()
            }
        }
        #generated
        impl<'__r> #n::FromSql<'__r> for #ident {
            fn from_sql(_: &#n::Type, _: &'__r [u8]) -> ::core::result::Result<Self, #n::Failure> {
                ::core::unreachable!()
            }
            fn accepts(_: &#n::Type) -> bool {
                ::core::unreachable!()
            }
        }
    }
}
