//! The schema of the facts, and their tables as engines of SQL take them.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::table::{Column, HEAD, Kind, Type};

/// The JSON Schema of a line of facts.
#[must_use]
pub fn schema() -> String {
    let kinds = Kind::ALL.map(of_kind);
    let address = [env!("CARGO_PKG_HOMEPAGE"), "/facts.schema.json"].concat();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "A fact of commerce-lint",
        "description": "A line of what `commerce-lint facts` prints.",
        "oneOf": kinds,
    });
    format!("{document:#}\n")
}

fn of_kind(kind: Kind) -> Value {
    let columns = || HEAD.iter().chain(kind.columns());
    let properties: Map<String, Value> =
        columns().map(|column| (column.name.to_owned(), property(*column, kind))).collect();
    let required: Vec<&str> = columns().map(|column| column.name).collect();
    json!({
        "title": kind.word(),
        "description": kind.says(),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(column: Column, kind: Kind) -> Value {
    if column.name == "fact" {
        return json!({ "const": kind.word(), "description": column.says });
    }
    let holds = match column.holds {
        Type::Text => "string",
        Type::Whole => "integer",
        Type::Flag => "boolean",
    };
    let holds = if column.may_lack { json!([holds, "null"]) } else { json!(holds) };
    json!({ "type": holds, "description": column.says })
}

/// An engine of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// On one machine.
    DuckDb,
    /// On many.
    Spark,
    /// On many, over a catalog of Hive's.
    Trino,
}

impl Engine {
    /// All engines.
    pub const ALL: [Self; 3] = [Self::DuckDb, Self::Spark, Self::Trino];

    /// The name of the file with its tables.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb.sql",
            Self::Spark => "spark.sql",
            Self::Trino => "trino.sql",
        }
    }

    fn word(self, holds: Type) -> &'static str {
        match (self, holds) {
            (Self::Spark, Type::Text) => "STRING",
            (_, Type::Text) => "VARCHAR",
            (_, Type::Whole) => "BIGINT",
            (_, Type::Flag) => "BOOLEAN",
        }
    }

    /// The statements that make the tables of a folder of facts, which the engine is started in.
    #[must_use]
    pub fn tables(self) -> String {
        let mut out = String::from(match self {
            Self::DuckDb => "-- The facts as tables of DuckDB, started in their folder.\n",
            Self::Spark => "-- The facts as tables of Spark, started in their folder.\n",
            Self::Trino => {
                "-- The facts as tables of Trino, in a schema of a Hive catalog: `LOCATION` is where their folder lies: s3://bucket/facts.\n"
            }
        });
        for kind in Kind::ALL {
            let name = kind.word();
            let columns = HEAD.iter().chain(kind.columns());
            let columns = columns.map(|column| (column.name, self.word(column.holds)));
            let list = |between: &str, quote: &str| {
                let columns = columns.clone();
                let columns =
                    columns.map(|(name, holds)| format!("  {name}{between}{quote}{holds}{quote}"));
                columns.collect::<Vec<_>>().join(",\n")
            };
            let _ = match self {
                Self::DuckDb => write!(
                    out,
                    "\nCREATE OR REPLACE VIEW {name} AS SELECT * FROM read_json('{name}/*.ndjson', format = 'newline_delimited', columns = {{\n{}\n}});\n",
                    list(": ", "'")
                ),
                Self::Spark => write!(
                    out,
                    "\nCREATE OR REPLACE TEMPORARY VIEW {name} (\n{}\n) USING json OPTIONS (path '{name}');\n",
                    list(" ", "")
                ),
                Self::Trino => write!(
                    out,
                    "\nCREATE TABLE {name} (\n{}\n) WITH (format = 'JSON', external_location = 'LOCATION/{name}');\n",
                    list(" ", "")
                ),
            };
        }
        out
    }
}
