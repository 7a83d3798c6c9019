//! The contract on every database.

use identity_testkit::contract;

use crate::database;

contract!(sqlite, database::sqlite());
contract!(postgres, database::postgres());
contract!(mariadb, database::mariadb());
