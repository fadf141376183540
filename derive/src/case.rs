//! The cases of `rename_all`, as serde applies them to fields.
//!
//! It does not know whether the name is a column's or a key in JSON.

/// How a field's name becomes another name. A field's own name is in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Same,
    Upper,
    Pascal,
    Camel,
    Kebab,
    UpperKebab,
}

impl Case {
    pub(crate) const NAMES: [&'static str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    /// The case of this name, if there is one.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" | "snake_case" => Case::Same,
            "UPPERCASE" | "SCREAMING_SNAKE_CASE" => Case::Upper,
            "PascalCase" => Case::Pascal,
            "camelCase" => Case::Camel,
            "kebab-case" => Case::Kebab,
            "SCREAMING-KEBAB-CASE" => Case::UpperKebab,
            _ => return None,
        })
    }

    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Case::Same => field.to_owned(),
            Case::Upper => field.to_ascii_uppercase(),
            Case::Pascal => pascal(field),
            Case::Camel => {
                let pascal = pascal(field);
                let mut letters = pascal.chars();
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
            }
            Case::Kebab => field.replace('_', "-"),
            Case::UpperKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// `user_posts` as `UserPosts`.
pub(crate) fn pascal(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut starts = true;
    for letter in field.chars() {
        if letter == '_' {
            starts = true;
        } else if starts {
            name.push(letter.to_ascii_uppercase());
            starts = false;
        } else {
            name.push(letter);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn every_name_is_a_case_and_applies_as_in_serde() {
        let applied = Case::NAMES.map(|name| Case::named(name).map(|case| case.apply("created_at")));
        let expected = [
            "created_at",
            "CREATED_AT",
            "CreatedAt",
            "createdAt",
            "created_at",
            "CREATED_AT",
            "created-at",
            "CREATED-AT",
        ];
        assert_eq!(applied, expected.map(|name| Some(name.to_owned())));
    }
}
