use uuid::Uuid;

use super::*;
