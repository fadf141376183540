//! A small application as one writes it: handlers that answer with a loaded tree as JSON, and a limit of time.

use std::time::Duration;

use axum::Router;
use axum::extract::{Json, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::Pool;
use relata::ErrorKind;
use relata::prelude::*;
use serde::{Deserialize, Serialize};
use tower_http::timeout::TimeoutLayer;

/// Someone who writes.
#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    /// The key.
    #[key]
    pub id: i32,
    /// The name, which others may have, too.
    pub name: String,
}

/// What someone wrote.
#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
#[has_many(comments: Vec<Comment>, by = post_id)]
pub struct Post {
    /// The key.
    #[key]
    pub id: i32,
    /// The title.
    pub title: String,
    /// Who wrote it.
    pub user_id: i32,
}

/// What someone else thought of it.
#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "comments")]
pub struct Comment {
    /// The key.
    #[key]
    pub id: i32,
    /// What it says.
    pub body: String,
    /// The post that it is about.
    pub post_id: i32,
}

/// A user with posts, and the posts with comments.
pub type Reader = loaded!(User { posts { comments } });

/// The application, whose requests may take so long.
pub fn app(pool: Pool, limit: Duration) -> Router {
    Router::new()
        .route("/users", get(users))
        .route("/users/{id}", get(user))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limit))
        .with_state(pool)
}

/// What can be asked for in the address.
#[derive(Debug, Deserialize)]
pub struct Search {
    name: Option<String>,
    #[serde(default)]
    page: u64,
}

/// `GET /users?name=…&page=…`
pub async fn users(State(pool): State<Pool>, Query(search): Query<Search>) -> Result<Json<Vec<Reader>>, Failure> {
    let mut found = Predicate::always();
    if let Some(name) = search.name {
        found &= User.name.contains(name);
    }
    let users = User::query().filter(found).order_by(User.id.asc()).limit(20).offset(search.page.saturating_mul(20));
    Ok(Json(with_posts(users).all(&pool).await?))
}

/// `GET /users/{id}`
pub async fn user(State(pool): State<Pool>, Path(id): Path<i32>) -> Result<Json<Reader>, Failure> {
    Ok(Json(with_posts(User::find(id)).one(&pool).await?))
}

/// With their posts in the order in which they were written, and the comments on each.
fn with_posts(users: relata::Query<User>) -> relata::Query<Reader> {
    users.with(User.posts.order_by(Post.id.asc()).with(Post.comments.order_by(Comment.id.asc())))
}

/// An error as an answer: the kind decides the status, and what went wrong stays here.
#[derive(Debug)]
pub struct Failure(relata::Error);

impl From<relata::Error> for Failure {
    fn from(error: relata::Error) -> Self {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self.0.kind() {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Connect | ErrorKind::Closed => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        status.into_response()
    }
}
