//! serde for the loaded type: the entity's own fields, then one for each loaded relation.
//!
//! Whether relata was built with serde is known to its macro only, which keeps this code or drops it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{allow, loaded_name, private, slots};
use crate::ast::Serde;
use crate::model::Model;

pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, krate, entity, loaded, allow) = (private(model), &model.krate, &model.ident, loaded_name(model), allow());
    let slots = slots::of(model);
    let params: Vec<_> = slots.iter().map(|slot| &slot.param).collect();
    let fields: Vec<_> = slots.iter().map(|slot| &slot.field).collect();
    let names: Vec<_> = slots.iter().map(|slot| renamed(model.serde, &slot.relation.name)).collect();
    let (written, read): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    let prefix = p.to_token_stream().to_string().replace(' ', "");
    let (serde, absent) = (format!("{prefix}::serde"), format!("{prefix}::absent"));
    // By a path: serde would ask the slot for `Default` otherwise.
    let missing = format!("{prefix}::Field::missing");
    quote! {
        #krate::__serde! {
            #allow
            const _: () = {
                use #p::serde as __serde;
                #[derive(__serde::Serialize)]
                #[serde(crate = #serde)]
                struct __Ref<'__a, __E, #(#params: #p::Presence),*> {
                    #[serde(flatten)]
                    __entity: &'__a __E,
                    #(#[serde(rename = #written, skip_serializing_if = #absent)] #fields: &'__a #params,)*
                }
                #[automatically_derived]
                impl<#(#params: #p::Presence),*> __serde::Serialize for #loaded<#(#params),*>
                where
                    for<'__a> __Ref<'__a, #entity, #(#params),*>: __serde::Serialize,
                {
                    fn serialize<__S: __serde::Serializer>(
                        &self,
                        __serializer: __S,
                    ) -> ::core::result::Result<__S::Ok, __S::Error> {
                        let __flat = __Ref { __entity: &self.__entity, #(#fields: &self.#fields),* };
                        __serde::Serialize::serialize(&__flat, __serializer)
                    }
                }
                #[derive(__serde::Deserialize)]
                #[serde(crate = #serde)]
                struct __Owned<__E, #(#params),*> {
                    #[serde(flatten)]
                    __entity: __E,
                    #(#[serde(rename = #read, default = #missing)] #fields: #p::Field<#params>,)*
                }
                #[automatically_derived]
                impl<'de, #(#params: #p::Presence),*> __serde::Deserialize<'de> for #loaded<#(#params),*>
                where
                    __Owned<#entity, #(#params),*>: __serde::Deserialize<'de>,
                {
                    fn deserialize<__D: __serde::Deserializer<'de>>(
                        __deserializer: __D,
                    ) -> ::core::result::Result<Self, __D::Error> {
                        let __flat: __Owned<#entity, #(#params),*> =
                            __serde::Deserialize::deserialize(__deserializer)?;
                        ::core::result::Result::Ok(#loaded {
                            __entity: __flat.__entity,
                            #(#fields: __flat.#fields.slot(#read)?),*
                        })
                    }
                }
            };
        }
    }
}

/// The relation's name in JSON, as serde renames the entity's own fields: written, and read.
fn renamed(serde: Serde, name: &str) -> (String, String) {
    let apply = |case: Option<crate::case::Case>| case.map_or_else(|| name.to_owned(), |case| case.apply(name));
    (apply(serde.serialize), apply(serde.deserialize))
}
