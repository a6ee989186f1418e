//! What programs of several languages have in common, as far as it decides which commands they run with which texts.
//!
//! Everything has its place in the file. What a language has besides is [`What::Unknown`] or a block that may be run.

use std::ops::Range;
use std::rc::Rc;

/// Where something stands in the file.
pub type At = Range<usize>;

/// What a program computes with.
#[derive(Clone, Debug)]
pub struct Expression {
    pub at: At,
    pub what: What,
}

/// The kinds of it that are followed.
#[derive(Clone, Debug)]
pub enum What {
    /// A text, with what is put into it.
    Text(Vec<Part>),
    /// A variable, an attribute of something else with its dots.
    Name(String),
    /// An item of a map or list: `spaces[env]`, `settings.space`.
    Item(Box<Expression>, Box<Expression>),
    Map(Vec<(Expression, Expression)>),
    List(Vec<Expression>),
    /// A call by the last part of its name; the object that is called comes first, where it is more than a name.
    Call(String, Vec<Expression>),
    /// A comparison.
    Test(Test),
    /// One of two values.
    Choice(Test, Box<Expression>, Box<Expression>),
    /// Statements that something is given, as they are: a block.
    Block(Vec<Statement>),
    Unknown,
}

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// What is written, with the escapes read.
    Plain(String, At),
    /// What is put in.
    Hole(Expression),
}

/// For what an arm is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Something is one of these texts, each at its place.
    Words(Vec<(String, At)>),
    /// Whatever no arm before is for.
    Otherwise,
    /// Only running the program would tell.
    Unknown,
}

/// A part of a program that is run for something.
#[derive(Clone, Debug)]
pub struct Arm {
    pub test: Test,
    pub body: Vec<Statement>,
}

/// What a program does.
#[derive(Clone, Debug)]
pub enum Statement {
    /// Gives a name a value.
    Assign(String, Expression),
    /// Gives a variable of the environment a value; the place is that of its name.
    Export(String, At, Expression),
    /// Runs the words of one command.
    Words(Vec<Expression>),
    /// Anything that may call something: the value of the last one is that of its block.
    Value(Expression),
    /// Gives a function's value.
    Return(Expression),
    /// One of several arms, or none.
    Branch(Vec<Arm>),
    Function(Rc<Function>),
    /// What a tool runs by its name.
    Task(Task),
    /// What is run for each item of something, by the names that the items get.
    Each(Vec<String>, Expression, Vec<Statement>),
    /// What may be run, and often.
    Perhaps(Vec<Statement>),
    /// What is run as it stands.
    Block(Vec<Statement>),
}

/// What a tool runs by its name.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name, where that is written.
    pub name: Option<(String, At)>,
    pub body: Vec<Statement>,
    /// Whether it is a machine of Vagrant's, of which the attributes are read as such.
    pub is_machine: bool,
}

/// A function of a program.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub at: At,
    pub parameters: Vec<(String, Option<Expression>)>,
    pub body: Vec<Statement>,
    /// Whether a tool runs it by its name.
    pub is_task: bool,
}

impl Expression {
    /// What is not followed.
    pub fn unknown(at: At) -> Self {
        Self { at, what: What::Unknown }
    }

    /// A text as it is written.
    pub fn text(text: String, at: At) -> Self {
        Self { at: at.clone(), what: What::Text(vec![Part::Plain(text, at)]) }
    }

    /// The name that it is, and nothing else.
    pub fn name(&self) -> Option<&str> {
        if let What::Name(name) = &self.what { Some(name) } else { None }
    }

    /// The name of what it is an item of, or of an item of an item.
    pub fn root(&self) -> Option<&str> {
        let mut one = self;
        while let What::Item(map, _) = &one.what {
            one = map;
        }
        one.name()
    }

    /// Whether it uses what a name holds; more rather than fewer.
    pub fn mentions(&self, name: &str) -> bool {
        let any = |several: &[Self]| several.iter().any(|one| one.mentions(name));
        match &self.what {
            What::Name(own) => own.split('.').next() == Some(name),
            What::Text(parts) => {
                parts.iter().any(|part| matches!(part, Part::Hole(inner) if inner.mentions(name)))
            }
            What::Item(map, key) => map.mentions(name) || key.mentions(name),
            What::List(items) | What::Call(_, items) => any(items),
            What::Map(entries) => {
                entries.iter().any(|(key, value)| key.mentions(name) || value.mentions(name))
            }
            What::Choice(_, first, second) => first.mentions(name) || second.mentions(name),
            What::Block(_) => true,
            What::Test(_) | What::Unknown => false,
        }
    }

    /// The text, where nothing is put into it.
    pub fn plain(&self) -> Option<String> {
        let What::Text(parts) = &self.what else { return None };
        parts
            .iter()
            .map(|part| if let Part::Plain(text, _) = part { Some(text.as_str()) } else { None })
            .collect()
    }
}
