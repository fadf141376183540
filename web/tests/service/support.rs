//! What the tests stand on: a database with a blog, quick or slow, and the application in front of it.

use std::time::{Duration, Instant};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use relata_scratch::Scratch;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_postgres::{Client, NoTls};

const ROWS: &str = "
CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE all_posts (id int PRIMARY KEY, title text NOT NULL, user_id int NOT NULL);
CREATE TABLE comments (id int PRIMARY KEY, body text NOT NULL, post_id int NOT NULL);
INSERT INTO users VALUES (1, 'Alice'), (2, 'Bob'), (3, 'Dora');
INSERT INTO all_posts VALUES (1, 'Rust', 1), (2, 'Advanced Rust', 2), (3, 'Rust', 1);
INSERT INTO comments VALUES (1, 'thanks', 1), (2, 'no', 1), (3, 'thanks', 2);
";

/// A database of one's own with a pool of two connections, and a client to watch it with.
pub(crate) struct Blog {
    pub(crate) pool: Pool,
    scratch: Scratch,
    application: &'static str,
    watcher: Client,
}

impl Blog {
    pub(crate) async fn quick() -> Blog {
        let quick = "ALTER TABLE all_posts RENAME TO posts";
        Blog::new(Scratch::start().unwrap(), "quick", quick).await
    }

    /// On a server of its own, which can be killed.
    pub(crate) async fn private() -> Blog {
        let quick = "ALTER TABLE all_posts RENAME TO posts";
        Blog::new(Scratch::private(&[]).unwrap(), "private", quick).await
    }

    /// Whoever asks for posts waits for a minute.
    pub(crate) async fn slow(application: &'static str) -> Blog {
        let slow = "CREATE VIEW posts AS SELECT all_posts.* FROM pg_sleep(60), all_posts";
        Blog::new(Scratch::start().unwrap(), application, slow).await
    }

    async fn new(scratch: Scratch, application: &'static str, posts: &str) -> Blog {
        let mut config = scratch.config();
        let (watcher, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        watcher.batch_execute(ROWS).await.unwrap();
        watcher.batch_execute(posts).await.unwrap();
        config.application_name(application);
        let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, manager);
        Blog { pool: Pool::builder(manager).max_size(2).build().unwrap(), scratch, application, watcher }
    }

    pub(crate) fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Runs statements, one by one.
    pub(crate) async fn execute(&self, script: &str) {
        for statement in script.split(';') {
            self.watcher.batch_execute(statement).await.unwrap();
        }
    }

    /// How long the pool's next user waits for an answer.
    pub(crate) async fn answers(&self) -> Duration {
        let start = Instant::now();
        let row = self.pool.get().await.unwrap().query_one("SELECT 1", &[]).await.unwrap();
        assert_eq!(row.get::<_, i32>(0), 1);
        start.elapsed()
    }

    /// Waits until so many of the pool's connections do this on the server.
    pub(crate) async fn until(&self, condition: &str, wanted: i64) {
        let application = self.application;
        let question =
            format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{application}' AND {condition}");
        let mut found = 0;
        for _ in 0..2000 {
            found = self.watcher.query_one(&question, &[]).await.unwrap().get(0);
            if found == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("waited for {wanted}, and there are {found}: {question}");
    }

    /// Nobody has waited for long, nothing runs any more, and no connection is left but the pool's.
    pub(crate) async fn is_quiet(&self, longest: Duration) {
        assert!(longest < Duration::from_secs(1), "{longest:?}");
        self.until("state = 'active'", 0).await;
        let status = self.pool.status();
        assert!(status.size <= 2 && status.waiting == 0 && status.available == status.size, "{status:?}");
        self.until("true", i64::try_from(status.size).unwrap()).await;
    }
}

/// The application on a port of its own.
pub(crate) struct Site {
    pub(crate) blog: Blog,
    port: u16,
}

impl Site {
    pub(crate) async fn new(blog: Blog, limit: Duration) -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = relata_web::app(blog.pool.clone(), limit);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Site { blog, port }
    }

    /// Sends a request and does not wait for the answer.
    pub(crate) async fn send(&self, path: &str) -> TcpStream {
        let mut client = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        client
    }

    /// The status and the JSON of the answer, or null where there is none.
    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let mut answer = String::new();
        self.send(path).await.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_default())
    }
}
