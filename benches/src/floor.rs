//! The floor: the same loads by hand on tokio-postgres, as an engineer who knows it writes them.
//!
//! Must not know relata beyond the entities and the statements' texts: prepared once, decoded as they arrive, children
//! moved to their parents by a hash map with relata's own hash function.

use std::collections::HashMap;
use std::pin::pin;

use deadpool_postgres::Pool;
use foldhash::fast::RandomState;
use futures::TryStreamExt;
use relata::sql::Statements;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, RowStream, Statement};

use crate::Outcome;
use crate::model::{Comment, Post, User};

type Index = HashMap<i32, usize, RandomState>;

/// A user and what was loaded with it.
#[derive(Debug, Clone)]
pub struct UserPosts<P> {
    /// The user.
    pub user: User,
    /// The user's posts, plain or with their comments.
    pub posts: Vec<P>,
}

/// A post and the comments on it.
#[derive(Debug, Clone)]
pub struct PostComments {
    /// The post.
    pub post: Post,
    /// The comments on it.
    pub comments: Vec<Comment>,
}

/// A post and who wrote it.
#[derive(Debug, Clone)]
pub struct PostAuthor {
    /// The post.
    pub post: Post,
    /// Who wrote it.
    pub author: User,
}

fn user(row: &Row) -> Result<User, Error> {
    user_at(row, 0)
}

fn user_at(row: &Row, at: usize) -> Result<User, Error> {
    let (id, name) = (row.try_get(at)?, row.try_get(at + 1)?);
    Ok(User { id, name, email: row.try_get(at + 2)?, active: row.try_get(at + 3)? })
}

fn post(row: &Row) -> Result<Post, Error> {
    post_at(row, 0)
}

fn post_at(row: &Row, at: usize) -> Result<Post, Error> {
    let (id, user_id) = (row.try_get(at)?, row.try_get(at + 1)?);
    Ok(Post { id, user_id, title: row.try_get(at + 2)?, published: row.try_get(at + 3)? })
}

fn comment(row: &Row) -> Result<Comment, Error> {
    Ok(Comment { id: row.try_get(0)?, post_id: row.try_get(1)?, body: row.try_get(2)? })
}

async fn rows<P: ToSql + Sync>(client: &Client, statement: &Statement, param: &P) -> Result<RowStream, Error> {
    client.query_raw(statement, [param as &(dyn ToSql + Sync)]).await
}

/// Prepares the statements of a query, once.
///
/// # Errors
/// The server refuses one.
pub async fn prepare(client: &Client, texts: &Statements) -> Outcome<Vec<Statement>> {
    let mut all = Vec::new();
    for statement in texts {
        all.push(client.prepare(statement.text()).await?);
    }
    Ok(all)
}

/// The statements of a load, their rows received and dropped: the driver's part of it.
///
/// # Errors
/// The server's.
pub async fn received(client: &Client, statements: &[Statement], most: i32) -> Outcome<usize> {
    let ids: Vec<i32> = (1..=most).collect();
    let mut count = 0;
    let mut parents = pin!(rows(client, &statements[0], &most).await?);
    while parents.try_next().await?.is_some() {
        count += 1;
    }
    if let Some(second) = statements.get(1) {
        let mut children = pin!(rows(client, second, &ids).await?);
        while children.try_next().await?.is_some() {
            count += 1;
        }
    }
    Ok(count)
}

/// Users and their posts.
///
/// # Errors
/// The server's, and those of decoding.
pub async fn users_posts(client: &Client, statements: &[Statement], most: i32) -> Outcome<Vec<UserPosts<Post>>> {
    let mut users = Vec::new();
    let mut ids: Vec<i32> = Vec::new();
    let mut index = Index::default();
    let mut parents = pin!(rows(client, &statements[0], &most).await?);
    while let Some(row) = parents.try_next().await? {
        let user = user(&row)?;
        index.insert(user.id, users.len());
        ids.push(user.id);
        users.push(UserPosts { user, posts: Vec::new() });
    }
    let mut children = pin!(rows(client, &statements[1], &ids).await?);
    while let Some(row) = children.try_next().await? {
        let post = post(&row)?;
        if let Some(&at) = index.get(&post.user_id) {
            users[at].posts.push(post);
        }
    }
    Ok(users)
}

/// Users and their posts, on a connection of a pool, whose cache keeps the statements.
///
/// # Errors
/// As [`users_posts`].
pub async fn users_posts_pooled(pool: &Pool, texts: &[String], most: i32) -> Outcome<Vec<UserPosts<Post>>> {
    let client = pool.get().await?;
    let statements = [client.prepare_cached(&texts[0]).await?, client.prepare_cached(&texts[1]).await?];
    users_posts(&client, &statements, most).await
}

/// Users, their posts, the comments on these.
///
/// # Errors
/// As [`users_posts`].
pub async fn users_posts_comments(
    client: &Client,
    statements: &[Statement],
    most: i32,
) -> Outcome<Vec<UserPosts<PostComments>>> {
    let mut users = Vec::new();
    let mut user_ids: Vec<i32> = Vec::new();
    let mut user_index = Index::default();
    let mut parents = pin!(rows(client, &statements[0], &most).await?);
    while let Some(row) = parents.try_next().await? {
        let user = user(&row)?;
        user_index.insert(user.id, users.len());
        user_ids.push(user.id);
        users.push(UserPosts { user, posts: Vec::new() });
    }
    let mut posts: Vec<PostComments> = Vec::new();
    let mut post_ids: Vec<i32> = Vec::new();
    let mut post_index = Index::default();
    let mut children = pin!(rows(client, &statements[1], &user_ids).await?);
    while let Some(row) = children.try_next().await? {
        let post = post(&row)?;
        post_index.insert(post.id, posts.len());
        post_ids.push(post.id);
        posts.push(PostComments { post, comments: Vec::new() });
    }
    let mut grandchildren = pin!(rows(client, &statements[2], &post_ids).await?);
    while let Some(row) = grandchildren.try_next().await? {
        let comment = comment(&row)?;
        if let Some(&at) = post_index.get(&comment.post_id) {
            posts[at].comments.push(comment);
        }
    }
    for post in posts {
        if let Some(&at) = user_index.get(&post.post.user_id) {
            users[at].posts.push(post);
        }
    }
    Ok(users)
}

/// Posts, each with its author.
///
/// # Errors
/// As [`users_posts`]; or a post has no author.
pub async fn posts_author(client: &Client, statements: &[Statement], most: i32) -> Outcome<Vec<PostAuthor>> {
    let mut posts = Vec::new();
    let mut ids: Vec<i32> = Vec::new();
    let mut authors: HashMap<i32, Option<User>, RandomState> = HashMap::default();
    let mut parents = pin!(rows(client, &statements[0], &most).await?);
    while let Some(row) = parents.try_next().await? {
        let post = post(&row)?;
        if authors.insert(post.user_id, None).is_none() {
            ids.push(post.user_id);
        }
        posts.push(post);
    }
    let mut targets = pin!(rows(client, &statements[1], &ids).await?);
    while let Some(row) = targets.try_next().await? {
        let user = user(&row)?;
        authors.insert(user.id, Some(user));
    }
    let mut all = Vec::with_capacity(posts.len());
    for post in posts {
        let author = authors.get(&post.user_id).and_then(Clone::clone).ok_or("a post without an author")?;
        all.push(PostAuthor { post, author });
    }
    Ok(all)
}

/// Users and their posts in one statement, of which a user without posts has one row.
///
/// # Errors
/// As [`users_posts`].
pub async fn users_posts_joined(client: &Client, statements: &[Statement], most: i32) -> Outcome<Vec<UserPosts<Post>>> {
    let mut users: Vec<UserPosts<Post>> = Vec::new();
    let mut index = Index::default();
    let mut all = pin!(rows(client, &statements[0], &most).await?);
    while let Some(row) = all.try_next().await? {
        let id: i32 = row.try_get(0)?;
        let at = match index.get(&id) {
            Some(&at) => at,
            None => {
                index.insert(id, users.len());
                users.push(UserPosts { user: user(&row)?, posts: Vec::new() });
                users.len() - 1
            }
        };
        if row.try_get::<_, Option<i32>>(4)?.is_some() {
            users[at].posts.push(post_at(&row, 4)?);
        }
    }
    Ok(users)
}

/// Posts, each with its author, in one statement.
///
/// # Errors
/// As [`posts_author`].
pub async fn posts_author_joined(client: &Client, statements: &[Statement], most: i32) -> Outcome<Vec<PostAuthor>> {
    let mut posts = Vec::new();
    let mut all = pin!(rows(client, &statements[0], &most).await?);
    while let Some(row) = all.try_next().await? {
        if row.try_get::<_, Option<i32>>(4)?.is_none() {
            return Err("a post without an author".into());
        }
        posts.push(PostAuthor { post: post(&row)?, author: user_at(&row, 4)? });
    }
    Ok(posts)
}
