//! Lists, each walked along an index that has all that is asked for in it, whatever a database expects of that index or of another.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, Order, QueryFilter as _, QueryOrder as _, QueryResult,
    QuerySelect, QueryTrait as _, Select, Value,
    sea_query::{
        Expr, ExprTrait as _,
        extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _},
    },
};

/// What MySQL calls the index of the primary key. The others take it by themselves where there is nothing to compare.
pub(crate) const PRIMARY: &str = "PRIMARY";

/// Where a part of a list begins.
pub(crate) enum Start {
    /// At its first row.
    First,
    /// At the first row that has at least this in the first column of the order.
    At(Value),
    /// Behind a row that has these in as many columns of the order, at most two.
    Behind(Vec<Value>),
}

/// A part of a list: an index, and how it is walked.
pub(crate) struct Walk<C> {
    pub(crate) index: &'static str,
    /// What the index begins with, and what each has to equal.
    pub(crate) equal: Vec<(C, Value)>,
    /// What it goes on with.
    pub(crate) order: Vec<C>,
    pub(crate) direction: Order,
    pub(crate) start: Start,
    /// Rows that have this in the first column of the order, or come after it, are not in the list.
    pub(crate) end: Option<Value>,
    /// What of the list no index bounds.
    pub(crate) filter: Condition,
}

/// The name of a column that says whether a row is still in the list.
const IN_LIST: &str = "in_list";

impl<C: ColumnTrait> Walk<C> {
    /// The rows of a selection that are on the way, as many as its limit.
    pub(crate) async fn rows<E>(self, connection: &impl ConnectionTrait, select: Select<E>) -> Result<Vec<QueryResult>, DbErr>
    where
        E: EntityTrait<Column = C>,
    {
        let index = self.index;
        if connection.get_database_backend() != DbBackend::Postgres {
            return along(connection, self.by_columns(select), index).await;
        }
        let mut rows = along(connection, self.by_rows(select), index).await?;
        let in_list = rows.iter().map(|row| row.try_get::<bool>("", IN_LIST)).take_while(|is_in| !matches!(is_in, Ok(false)));
        let listed = in_list.collect::<Result<Vec<_>, _>>()?.len();
        rows.truncate(listed);
        Ok(rows)
    }

    fn by_columns<E: EntityTrait<Column = C>>(self, select: Select<E>) -> Select<E> {
        let (up, order) = (self.direction == Order::Asc, self.order);
        let past = |column: C, value: Value| if up { column.gt(value) } else { column.lt(value) };
        let mut bounds = self.equal.into_iter().fold(self.filter, |all, (column, value)| all.add(column.eq(value)));
        let mut columns = order.iter().copied();
        match (columns.next(), columns.next(), self.start) {
            (Some(first), _, Start::At(value)) => bounds = bounds.add(if up { first.gte(value) } else { first.lte(value) }),
            (Some(first), second, Start::Behind(values)) => match (values.as_slice(), second) {
                ([one, other], Some(second)) => {
                    // The first of them bounds the index, the second is exact.
                    let at_least = if up { first.gte(one.clone()) } else { first.lte(one.clone()) };
                    let later = Condition::any().add(past(first, one.clone())).add(past(second, other.clone()));
                    bounds = bounds.add(at_least).add(later);
                }
                ([one, ..], _) => bounds = bounds.add(past(first, one.clone())),
                ([], _) => {}
            },
            _ => {}
        }
        if let (Some(first), Some(end)) = (order.first(), self.end) {
            bounds = bounds.add(if up { first.lt(end) } else { first.gt(end) });
        }
        order.into_iter().fold(select.filter(bounds), |select, column| select.order_by(column, self.direction.clone()))
    }

    /// PostgreSQL takes no hint. It is asked for the order of whole rows, which this index alone has, and nothing is sorted that an
    /// index has in order. Such a range of rows has a beginning and no end: PostgreSQL would compare every row up to the end of the
    /// first column. It is asked for the next rows instead, in the list or not, and for whether each of them is.
    fn by_rows<E: EntityTrait<Column = C>>(self, select: Select<E>) -> Select<E> {
        let (up, order) = (self.direction == Order::Asc, self.order);
        let first = order.first().copied();
        let (begins, equals): (Vec<C>, Vec<Value>) = self.equal.into_iter().unzip();
        let ends = first.zip(self.end).map(|(first, end)| if up { first.lt(end) } else { first.gt(end) });
        let equal = begins.iter().zip(&equals).map(|(column, value)| column.eq(value.clone()));
        let in_list = equal.chain(ends).reduce(sea_orm::ExprTrait::and).unwrap_or_else(|| Expr::value(true));
        let in_list = Expr::cust_with_expr("($1) IS TRUE", in_list);
        let row = |more: usize| {
            Expr::tuple(begins.iter().chain(order.iter().take(more)).map(|column| column.into_expr()).collect::<Vec<_>>())
        };
        let values = |more: Vec<Value>| Expr::tuple(equals.iter().cloned().chain(more).map(Expr::value).collect::<Vec<_>>());
        let start = match self.start {
            Start::First if begins.is_empty() => None,
            Start::First if up => Some(row(0).gte(values(Vec::new()))),
            Start::First => Some(row(0).lte(values(Vec::new()))),
            Start::At(value) if up => Some(row(1).gte(values(vec![value]))),
            Start::At(value) => Some(row(1).lte(values(vec![value]))),
            Start::Behind(behind) if up => Some(row(behind.len()).gt(values(behind))),
            Start::Behind(behind) => Some(row(behind.len()).lt(values(behind))),
        };
        let bounds = if self.filter.is_empty() {
            Condition::all()
        } else {
            // A row behind the end is no reason to look for another.
            Condition::all().add(Condition::any().add(self.filter).add(in_list.clone().not()))
        };
        let select = select.filter(bounds.add_option(start)).expr_as(in_list, IN_LIST);
        let ordered = begins.into_iter().chain(order);
        ordered.fold(select, |select, column| select.order_by(column, self.direction.clone()))
    }
}

/// Has the database walk this index. SQLite has no statistics, and takes an index that leaves much to be filtered as soon as one that
/// leaves nothing; MySQL prefers the order of another one where it expects to come across enough rows on its way. PostgreSQL takes the
/// one that has the order that is asked for.
pub(crate) async fn along<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    mut select: Select<E>,
    index: &'static str,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    QuerySelect::query(&mut select).force_index(index, IndexHintScope::All);
    let mut statement = select.build(backend);
    if backend == DbBackend::Sqlite && index != PRIMARY {
        let from = format!(" FROM \"{}\"", E::default().table_name());
        statement.sql = statement.sql.replacen(&from, &format!("{from} INDEXED BY \"{index}\""), 1);
    }
    connection.query_all_raw(statement).await
}
