//! The fonts of the pictures, taken from the system's packages: they are named one by one, so that a picture does
//! not depend on what else is installed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use resvg::usvg::fontdb::{Database, ID, Query};
use skrifa::MetadataProvider;

/// Where Debian's packages put fonts.
pub const DEFAULT_DIR: &str = "/usr/share/fonts";

/// The files used, and the Debian packages they come in.
const FILES: [(&str, &str); 10] = [
    ("JetBrainsMono-Regular.ttf", "fonts-jetbrains-mono"),
    ("JetBrainsMono-Bold.ttf", "fonts-jetbrains-mono"),
    ("JetBrainsMono-Italic.ttf", "fonts-jetbrains-mono"),
    ("JetBrainsMono-BoldItalic.ttf", "fonts-jetbrains-mono"),
    ("DejaVuSansMono.ttf", "fonts-dejavu-core"),
    ("DejaVuSansMono-Bold.ttf", "fonts-dejavu-core"),
    ("DejaVuSans.ttf", "fonts-dejavu-core"),
    ("NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
    ("NotoSansCJK-Bold.ttc", "fonts-noto-cjk"),
    ("NotoColorEmoji.ttf", "fonts-noto-color-emoji"),
];

/// The family of ordinary text.
pub const TEXT: &str = "JetBrains Mono";
const CJK: &str = "Noto Sans Mono CJK JP";
const EMOJI: &str = "Noto Color Emoji";
/// Where to look for a cluster of one cell, and of two: the first family that has all of it draws it.
const NARROW: [&str; 5] = [TEXT, "DejaVu Sans Mono", "DejaVu Sans", CJK, EMOJI];
const WIDE: [&str; 4] = [EMOJI, CJK, "DejaVu Sans", TEXT];

/// The loaded fonts.
pub struct Fonts {
    database: Arc<Database>,
    families: BTreeMap<&'static str, ID>,
}

impl Fonts {
    /// Loads the fonts from anywhere below `dir`.
    ///
    /// Fails with the names of the missing files and the command that installs their packages.
    pub fn load(dir: &Path) -> Result<Self> {
        let mut found = BTreeMap::new();
        find(dir, &mut found).with_context(|| format!("can't look for fonts in {}", dir.display()))?;
        let missing: Vec<_> = FILES.into_iter().filter(|(file, _)| !found.contains_key(*file)).collect();
        if !missing.is_empty() {
            let files: Vec<_> = missing.iter().map(|(file, _)| *file).collect();
            let mut packages: Vec<_> = missing.iter().map(|(_, package)| *package).collect();
            packages.dedup();
            bail!(
                "fonts are missing below {}: {}. On Debian: apt-get install {}",
                dir.display(),
                files.join(", "),
                packages.join(" ")
            );
        }
        let mut database = Database::new();
        for (file, _) in FILES {
            database
                .load_font_data(std::fs::read(&found[file]).with_context(|| format!("can't read the font {file}"))?);
        }
        let mut families = BTreeMap::new();
        for family in NARROW {
            let query = Query { families: &[resvg::usvg::fontdb::Family::Name(family)], ..Query::default() };
            families.insert(family, database.query(&query).with_context(|| format!("no font file holds {family}"))?);
        }
        Ok(Self { database: Arc::new(database), families })
    }

    /// Returns the fonts for the renderer.
    pub fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// Returns the family to draw a cluster with that takes two cells, if `wide`, or one.
    pub fn family(&self, cluster: &str, wide: bool) -> &'static str {
        let order: &[&'static str] = if wide { &WIDE } else { &NARROW };
        order.iter().find(|family| self.has(family, cluster)).copied().unwrap_or(TEXT)
    }

    fn has(&self, family: &str, cluster: &str) -> bool {
        let has = |data: &[u8], index| {
            let font = skrifa::FontRef::from_index(data, index).ok()?;
            let map = font.charmap();
            // Joiners and variation selectors need no glyph of their own.
            let mut visible = cluster.chars().filter(|c| !matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}'));
            Some(visible.all(|character| map.map(character).is_some()))
        };
        self.families.get(family).and_then(|id| self.database.with_face_data(*id, has)).flatten().unwrap_or(false)
    }
}

/// Collects the files below `dir` by name; of two with one name the first by path counts.
fn find(dir: &Path, found: &mut BTreeMap<String, PathBuf>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find(&path, found)?;
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            found.entry(name.to_owned()).or_insert_with(|| path.clone());
        }
    }
    Ok(())
}
