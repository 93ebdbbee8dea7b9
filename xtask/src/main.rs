//! Tasks of this repository that need more than cargo: `cargo run --package xtask -- screenshots`.

mod fonts;
mod palette;
mod picture;
mod scenes;
mod shapes;
mod svg;
#[path = "../../tests/support/terminal.rs"]
mod terminal;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use fonts::Fonts;
use scenes::{SCENES, Scene, Step};
use terminal::{Launch, Terminal};

const USAGE: &str = "\
Usage: cargo run --package xtask -- screenshots [--fonts DIR] [--out DIR] [SCENE]...

Runs the program in a terminal for each scene (all of them if none is named) and writes a PNG of its screen.

  --fonts DIR  where to look for the fonts [default: /usr/share/fonts]
  --out DIR    where to write the pictures [default: screenshots]";

/// The variable that makes the program's clock stand still.
const CLOCK: &str = "DYNAMINI_NOW";

struct Options {
    fonts: PathBuf,
    out: PathBuf,
    names: Vec<String>,
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some("screenshots") => screenshots(&options(args)?),
        Some("--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("{USAGE}"),
    }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this package lies in the repository")?;
    let (fonts, out) = (PathBuf::from(fonts::DEFAULT_DIR), root.join("screenshots"));
    let mut options = Options { fonts, out, names: Vec::new() };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--fonts" => options.fonts = args.next().context("--fonts needs a directory")?.into(),
            "--out" => options.out = args.next().context("--out needs a directory")?.into(),
            name if SCENES.iter().any(|scene| scene.name == name) => options.names.push(arg),
            _ => {
                let names: Vec<_> = SCENES.iter().map(|scene| scene.name).collect();
                bail!("{arg:?} is neither an option nor a scene; the scenes are {}\n\n{USAGE}", names.join(", "));
            }
        }
    }
    Ok(options)
}

fn screenshots(options: &Options) -> Result<()> {
    let fonts = Fonts::load(&options.fonts)?;
    std::fs::create_dir_all(&options.out).with_context(|| format!("can't create {}", options.out.display()))?;
    for scene in SCENES {
        if !options.names.is_empty() && !options.names.iter().any(|name| name == scene.name) {
            continue;
        }
        let screen = play(scene).with_context(|| format!("scene {}", scene.name))?;
        let picture = picture::png(&svg::document(&screen, scene.title, &fonts), &fonts)?;
        let path = options.out.join(scene.name).with_extension("png");
        std::fs::write(&path, &picture).with_context(|| format!("can't write {}", path.display()))?;
        println!("{} {} KB", path.display(), picture.len().div_ceil(1000));
    }
    Ok(())
}

/// Builds the scene's program, runs it through the steps, and returns its screen.
fn play(scene: &Scene) -> Result<vt100::Screen> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["build", "--quiet"]).args(scene.build).status()?;
    ensure!(status.success(), "cargo build {} failed", scene.build.join(" "));
    let this = std::env::current_exe()?;
    let program = this.parent().context("this program lies in a directory")?.join(scene.program);
    let home = tempfile::tempdir()?;
    let config = home.path().join("config.toml");
    std::fs::write(&config, scene.config)?;
    let launch = Launch::new(&program).arg("--config").arg(config).args(scene.args);
    let launch = launch.env("HOME", home.path()).cwd(home.path()).size(scene.size.0, scene.size.1);
    let mut clock = scenes::NOW;
    let start = |clock| Terminal::spawn(&launch.clone().env(CLOCK, clock));
    let mut terminal = start(clock);
    for step in scene.steps.iter().copied().flatten() {
        match step {
            Step::Keys(keys) => terminal.keys(keys),
            Step::Paste(text) => terminal.paste(text),
            Step::WaitFor(text) => terminal.wait_for(text),
            Step::WaitForGone(text) => terminal.wait_for_gone(text),
            Step::Beside(script) => {
                let mut shell = Command::new("sh");
                shell.args(["-ec", script]).env("DYNAMINI", &program).env("HOME", home.path()).env(CLOCK, clock);
                let output = shell.output()?;
                ensure!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
            }
            Step::KillAndStart(then) => {
                terminal.signal("KILL");
                terminal.wait_exit();
                clock = then;
                terminal = start(clock);
            }
        }
    }
    Ok(terminal.screen())
}
