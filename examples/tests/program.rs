//! The shop as a program: each version of it answers at the address that it names.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

type Tested = Result<(), Box<dyn Error>>;

/// Ends with the test, whatever comes of it.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_shop_opens_on_hyper() -> Tested {
    opens(&[], "hyper")
}

#[test]
fn the_shop_opens_on_axum() -> Tested {
    opens(&["--axum"], "axum")
}

fn opens(arguments: &[&str], on: &str) -> Tested {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command.args(["--listen", "127.0.0.1:0", "--driver", "memory"]).args(arguments);
    let mut program = Program(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?);
    let mut said = String::new();
    BufReader::new(program.0.stdout.take().ok_or("says nothing")?).read_line(&mut said)?;
    let (address, rest) = said
        .strip_prefix("The shop is open at http://")
        .and_then(|said| said.split_once(','))
        .ok_or_else(|| format!("says {said:?}"))?;
    assert!(rest.starts_with(&format!(" on {on} ")));

    for (path, status) in [("/", "200 OK"), ("/nothing", "404 Not Found")] {
        let answer = get(address, path)?;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        assert!(answer.trim_end().ends_with("</html>"), "the whole page");
    }
    Ok(())
}

fn get(address: &str, path: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
