use std::pin::Pin;

/// A future behind a pointer. Those of the database drivers are deep; with all of them in its own, a host is too deep for the compiler
/// ("queries overflow the depth limit").
pub(crate) type Erased<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
