//! What each operator of the grammar is to us.

use sqlparser::ast::BinaryOperator;

/// What an operator is to us.
pub(super) enum Operation {
    And,
    Equal,
    /// Compares or combines truth values: raises nothing.
    Calm,
    Sum,
    /// Of the server's own of this name, all give NULL for NULL.
    Strict,
    Other,
    /// Not PostgreSQL's.
    Foreign,
}

pub(super) fn kind(op: &BinaryOperator) -> Operation {
    use BinaryOperator as Op;
    match op {
        Op::And => Operation::And,
        Op::Eq => Operation::Equal,
        Op::Or | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => Operation::Calm,
        Op::Xor | Op::DuckIntegerDivide | Op::MyIntegerDivide | Op::Match | Op::Regexp => {
            Operation::Foreign
        }
        Op::Glob | Op::Assignment | Op::Is | Op::IsNot => Operation::Foreign,
        Op::Plus | Op::Minus => Operation::Sum,
        Op::Multiply | Op::Divide | Op::Modulo | Op::PGExp => Operation::Strict,
        // An array goes on without the element that is NULL.
        Op::StringConcat => Operation::Other,
        Op::Spaceship | Op::BitwiseOr | Op::BitwiseAnd | Op::BitwiseXor | Op::Custom(_) => {
            Operation::Other
        }
        Op::PGBitwiseXor | Op::PGBitwiseShiftLeft | Op::PGBitwiseShiftRight => Operation::Strict,
        Op::PGOverlap | Op::PGRegexMatch | Op::PGRegexIMatch | Op::PGRegexNotMatch => {
            Operation::Strict
        }
        Op::PGRegexNotIMatch | Op::PGLikeMatch | Op::PGILikeMatch | Op::PGNotLikeMatch => {
            Operation::Strict
        }
        Op::PGNotILikeMatch | Op::PGStartsWith | Op::Arrow | Op::LongArrow | Op::HashArrow => {
            Operation::Strict
        }
        Op::HashLongArrow | Op::AtAt | Op::AtArrow | Op::ArrowAt | Op::HashMinus => {
            Operation::Strict
        }
        Op::AtQuestion | Op::Question | Op::QuestionAnd | Op::QuestionPipe => Operation::Other,
        Op::PGCustomBinaryOperator(_) | Op::Overlaps | Op::DoubleHash | Op::LtDashGt => {
            Operation::Other
        }
        Op::AndLt | Op::AndGt | Op::LtLtPipe | Op::PipeGtGt | Op::AndLtPipe | Op::PipeAndGt => {
            Operation::Other
        }
        Op::LtCaret | Op::GtCaret | Op::QuestionHash | Op::QuestionDash => Operation::Other,
        Op::QuestionDashPipe | Op::QuestionDoublePipe | Op::At | Op::TildeEq => Operation::Other,
    }
}
