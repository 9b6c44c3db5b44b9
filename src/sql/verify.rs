//! The product is judged again before it may leave.
//!
//! Its tokens must be the client's tokens and our pieces, in order and nothing else; parsed and
//! resolved once more, every reference to a limited relation must lie inside one of our pieces,
//! or be one that was approved as it stood.

use std::collections::BTreeMap;

use super::Rewritten;
use super::emit::{Edit, Piece};
use super::lexer::{TokenKind, lex};
use super::parse::parse;
use super::resolve::{Reader, Refused, resolve};
use super::statement::{Kind, recognize};
use super::tokens::{TokenRange, Tokens};
use crate::catalog::Catalog;
use crate::model::access::SearchPath;
use crate::model::names::RelationId;
use crate::model::refusal::{Reason, Refusal, SqlState};

/// What was approved, to be found again in the product.
pub struct Approved<'a> {
    pub tokens: &'a Tokens<'a>,
    pub edits: &'a [Edit],
    /// Sites of limited relations that may stand as they are, by relation.
    pub open: &'a BTreeMap<RelationId, usize>,
    /// Relations whose every other reference must be ours.
    pub limited: &'a dyn Fn(RelationId) -> bool,
}

/// Checks a product against what was approved. `deep`: something was put in.
pub fn verify(
    product: &Rewritten,
    approved: &Approved<'_>,
    catalog: &Catalog,
    path: &SearchPath,
    deep: bool,
) -> Refused<()> {
    let lexed = lex(product.text()).map_err(|_| broken("the product cannot be read"))?;
    let tokens = Tokens::new(product.text(), lexed);
    let ours = compare(&tokens, approved)?;
    if !deep {
        return Ok(());
    }
    let mut open = approved.open.clone();
    for statement in tokens.statements() {
        let Kind::Data { inner, .. } = recognize(&tokens, statement) else { continue };
        let tree = parse(&tokens, inner).map_err(|_| broken("the product cannot be parsed"))?;
        let resolution = resolve(&tree, &tokens, catalog, Reader::new(path))
            .map_err(|_| broken("the product cannot be resolved"))?;
        for site in &resolution.sites {
            let inside = ours.iter().any(|range| range.contains(site.range.start));
            if inside || !(approved.limited)(site.relation) {
                continue;
            }
            match open.get_mut(&site.relation) {
                Some(left) if *left > 0 => *left -= 1,
                _ => return Err(broken("the product holds a reference nobody approved")),
            }
        }
    }
    Ok(())
}

/// Walks the product beside the client's tokens and our pieces; gives the places of our pieces.
fn compare(product: &Tokens<'_>, approved: &Approved<'_>) -> Refused<Vec<TokenRange>> {
    let mut edits: Vec<&Edit> = approved.edits.iter().collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut walk = Walk { product, at: 0 };
    let mut ours = Vec::new();
    let mut source = 0;
    let mut next = edits.into_iter().peekable();
    loop {
        while let Some(edit) = next.next_if(|edit| edit.range.start <= source) {
            let start = walk.at;
            for piece in &edit.pieces {
                walk.piece(piece, approved.tokens)?;
            }
            ours.push(TokenRange::new(start, walk.at));
            source = source.max(edit.range.end);
        }
        if source >= approved.tokens.count() {
            break;
        }
        walk.token(approved.tokens, source)?;
        source += 1;
    }
    if walk.at != product.count() {
        return Err(broken("the product has more tokens than were approved"));
    }
    Ok(ours)
}

struct Walk<'a> {
    product: &'a Tokens<'a>,
    at: usize,
}

impl Walk<'_> {
    fn piece(&mut self, piece: &Piece, tokens: &Tokens<'_>) -> Refused<()> {
        match piece {
            Piece::Token(token) => self.token(tokens, *token),
            Piece::Text(text) => {
                let lexed = lex(text).map_err(|_| broken("one of our pieces cannot be read"))?;
                let piece = Tokens::new(text, lexed);
                (0..piece.count()).try_for_each(|i| self.token(&piece, i))
            }
        }
    }

    fn token(&mut self, tokens: &Tokens<'_>, token: usize) -> Refused<()> {
        let (ours, theirs) = (self.product.kind(self.at), tokens.kind(token));
        let same = ours == theirs
            && (!matches!(ours, Some(TokenKind::Number))
                || self.product.source(self.at) == tokens.source(token));
        self.at += 1;
        if same { Ok(()) } else { Err(broken("the product reads differently than approved")) }
    }
}

fn broken(what: &str) -> Box<Refusal> {
    Box::new(
        Refusal::new(
            Reason::Internals,
            SqlState::INTERNAL_ERROR,
            "the rewritten statement did not pass its check",
        )
        .detail(format!("Nothing was sent to the server: {what}.")),
    )
}
