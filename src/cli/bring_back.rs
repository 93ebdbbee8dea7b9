//! `restore --as-of`: everything in an address as it was at a moment.

use std::io::{self, IsTerminal};

use super::Session;
use super::args::{Format, Restore};
use super::failure::Failure;
use super::find::{self, Wanted};
use super::list::warn;
use super::output::{ask, say};
use super::progress::{Progress, interrupted};
use super::record::{Object, address_of, local_time};
use crate::bring_back::{Act, Item, Outcome, Plan, Planner, Report, Stopped, Target, carry_out};
use crate::model::{Address, Subject};
use crate::store::{Cost, Scope, StoreError, patiently};
use crate::text::{count, number};
use crate::tui::command::of_plan;

/// Prints the plan, asks, carries it out, and tells what came of it.
pub async fn restore(session: &mut Session, restore: &Restore, typed: &str) -> Result<(), Failure> {
    super::without_version(&restore.address, "--as-of says which versions to bring back")?;
    if session.store.is_read_only() && !restore.dry_run {
        return Err(StoreError::ReadOnly.into());
    }
    let Some(moment) = session.moment(Some(typed))? else { return Ok(()) };
    let target = target(session, &restore.address).await?;
    // With the moment as it was understood, and ids: names may be others by then, and `2h ago` another moment.
    let again = of_plan(&session.flags, &target, moment, restore.note.as_deref(), restore.keep_new);
    let again = match again {
        Some(command) => format!("this does what is left: {command}"),
        None => "the same command again does what is left".to_owned(),
    };
    let planner = Planner::new(&session.store, target, moment, restore.keep_new).because(restore.note.clone());
    let plan = read(planner).await?;
    let is_table = session.out.format == Format::Table;
    if is_table {
        print_plan(session, &plan)?;
    }
    plan.unreadable.iter().for_each(warn);
    if restore.dry_run || plan.writes() == 0 {
        if !is_table {
            print_items(session, &plan, None)?;
        }
        return if restore.dry_run { Ok(()) } else { verdict(&plan, None, again) };
    }
    if let Err(declined) = consent(restore, &plan) {
        if !is_table {
            print_items(session, &plan, None)?;
        }
        return Err(declined);
    }
    let mut progress = Progress::new();
    let told = |done: &crate::bring_back::Progress, _: usize, _: &Outcome| {
        progress.tell(|| {
            let behind = done.done + done.skipped + done.failed;
            format!("{} of {}, {}", count(behind), count(done.of), units(done.cost))
        });
    };
    let report = carry_out(&session.store, &plan, interrupted(), told).await;
    progress.clear();
    say_what_slipped_in(&plan, &report);
    if is_table {
        print_report(session, &plan, &report)?;
    } else {
        print_items(session, &plan, Some(&report))?;
    }
    verdict(&plan, Some(report), again)
}

async fn target(session: &Session, address: &Address) -> Result<Target, Failure> {
    Ok(match find::scope(&session.store, address, Wanted::LiveFirst).await?.0 {
        Scope::Store => {
            return Err(Failure::Usage(
                "say what to bring back: APPLICATION, APPLICATION/USER, a collection or an entry".to_owned(),
            ));
        }
        Scope::Application(application) => Target::Application(application),
        Scope::User(application, user) => Target::User(application, user),
        Scope::Collection(key) => Target::Collections(vec![key]),
        Scope::Entry(key) => Target::Entries { collection: key.collection.clone(), entries: [key.into()].into() },
    })
}

async fn read(mut planner: Planner) -> Result<Plan, Failure> {
    let mut progress = Progress::new();
    let mut plan = Plan::of(&planner);
    while let Some(found) = patiently(&mut planner, || progress.waits()).await? {
        plan.add(found);
        let seen = plan.items.len() + plan.unchanged + plan.kept;
        progress.tell(|| format!("{} compared, {:.1} RCU", count(seen), plan.read.rcu));
    }
    plan.sort();
    Ok(plan)
}

/// Returns whether the plan is to be carried out: by a flag, or by whoever sits at the terminal.
fn consent(restore: &Restore, plan: &Plan) -> Result<(), Failure> {
    if restore.yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::Declined(
            "nobody can be asked here; --yes carries the plan out, --dry-run only prints it",
        ));
    }
    if ask(&format!("carry out {}?", number(plan.writes(), "write", "writes")))? {
        Ok(())
    } else {
        Err(Failure::Declined("the answer was no"))
    }
}

fn print_plan(session: &mut Session, plan: &Plan) -> Result<(), Failure> {
    let rows: Vec<_> = plan.items.iter().map(row).collect();
    session.out.rows(&["DO", "ADDRESS", "NOW", "THEN", "WHY"], &rows)?;
    let parts = plan.counts().parts().into_iter().chain([(plan.unchanged, "as it was"), (plan.kept, "new and kept")]);
    let parts = parts.filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", count(n)));
    let mut line = parts.collect::<Vec<_>>().join(", ");
    if line.is_empty() {
        "nothing was there, then or since".clone_into(&mut line);
    }
    if plan.writes() > 0 {
        line += &format!("; about {}", units(plan.cost()));
    }
    session.out.line(&line)?;
    session.out.flush()?;
    Ok(())
}

/// Returns the line of an item: what is done with what, how it is now and how it was, and why.
fn row(item: &Item) -> Vec<String> {
    let now = match &item.now.deleted_at {
        Some(_) => format!("{} deleted", local_time(item.now.version)),
        None => local_time(item.now.version),
    };
    let then = match &item.then {
        Some(then) if then.is_deleted() => format!("{} deleted", local_time(then.version)),
        Some(then) => local_time(then.version),
        None => "not there".to_owned(),
    };
    vec![item.act.word().to_owned(), address(item), now, then, why(item)]
}

/// Returns what a word for the act leaves open: the name that comes back, or what stands in the way.
fn why(item: &Item) -> String {
    match (item.act, &item.then) {
        (Act::Nothing(obstacle), _) => obstacle.to_string(),
        (Act::Restore | Act::Rename | Act::Undelete, Some(then)) if then.name != item.now.name => {
            format!("as {}", super::record::quoted(then.title()))
        }
        _ => String::new(),
    }
}

fn address(item: &Item) -> String {
    address_of(item.collection.as_deref(), &item.now).to_string()
}

fn say_what_slipped_in(plan: &Plan, report: &Report) {
    for (item, outcome) in plan.items.iter().zip(&report.outcomes) {
        let Outcome::Done { slipped_in, .. } = outcome else { continue };
        for version in slipped_in {
            say(format_args!(
                "{}: version {version} was written at the same moment by someone else; see `log` for which one is the newest",
                address(item)
            ));
        }
    }
}

/// Prints what is not as it was after all, and what it came to.
fn print_report(session: &mut Session, plan: &Plan, report: &Report) -> Result<(), Failure> {
    for (item, outcome) in plan.items.iter().zip(&report.outcomes) {
        let told = match outcome {
            Outcome::Skipped(error) => format!("skipped {}: {error}", address(item)),
            Outcome::Failed(error) => format!("failed {}: {error}", address(item)),
            Outcome::Done { .. } | Outcome::Impossible | Outcome::NotReached => continue,
        };
        session.out.line(&told)?;
    }
    session.out.line(&format!("{}; {}", report.progress, units(report.progress.cost)))?;
    Ok(())
}

/// Prints each item as JSON, with what became of it where it was carried out.
fn print_items(session: &mut Session, plan: &Plan, report: Option<&Report>) -> Result<(), Failure> {
    for (place, item) in plan.items.iter().enumerate() {
        session.out.item(&json(item, report.map(|report| &report.outcomes[place])))?;
    }
    session.out.end_list()?;
    Ok(())
}

fn json(item: &Item, outcome: Option<&Outcome>) -> String {
    let key = item.now.subject.collection();
    let mut object = Object::default();
    object.text("do", Some(item.act.word()));
    object.text("address", Some(&address(item)));
    object.text("application", Some(key.application.as_str()));
    object.text("user", Some(key.user.as_str()));
    object.text("collection", Some(key.id.as_str()));
    if let Subject::Entry(entry) = &item.now.subject {
        object.text("entry", Some(entry.id.as_str()));
    }
    object.raw("now", &item.now.version.to_string());
    if let Some(then) = &item.then {
        object.raw("then", &then.version.to_string());
    }
    object.raw("wcu", &item.cost.wcu.to_string());
    object.raw("rcu", &item.cost.rcu.to_string());
    let (word, reason) = match (outcome, item.act) {
        (_, Act::Nothing(obstacle)) => ("impossible", Some(obstacle.to_string())),
        (None, _) => ("planned", None),
        (Some(Outcome::Done { .. }), _) => ("done", None),
        (Some(Outcome::Skipped(error)), _) => ("skipped", Some(error.to_string())),
        (Some(Outcome::Failed(error)), _) => ("failed", Some(error.to_string())),
        (Some(Outcome::NotReached | Outcome::Impossible), _) => ("not reached", None),
    };
    object.text("outcome", Some(word));
    if let Some(Outcome::Done { version, .. }) = outcome {
        object.raw("version", &version.to_string());
    }
    object.text("reason", reason.as_deref());
    object.close()
}

/// Says by the exit code what it came to.
fn verdict(plan: &Plan, report: Option<Report>, again: String) -> Result<(), Failure> {
    let impossible = plan.counts().impossible;
    let Some(report) = report else {
        return if impossible == 0 { Ok(()) } else { Err(Failure::NotAll { count: count(impossible) }) };
    };
    let done = report.progress;
    match report.stopped {
        Some(Stopped::Asked) => {
            return Err(Failure::Interrupted(format!(
                "interrupted after {} of {}; {again}",
                count(done.done),
                number(done.of, "write", "writes")
            )));
        }
        Some(Stopped::Failing) => {
            if let Some(error) = report.into_failure() {
                return Err(error.into());
            }
        }
        None => {}
    }
    if done.failed + impossible > 0 {
        return Err(Failure::NotAll { count: count(done.failed + impossible) });
    }
    if done.skipped > 0 {
        return Err(Failure::Skipped { count: count(done.skipped), again });
    }
    Ok(())
}

fn units(cost: Cost) -> String {
    format!("{:.1} WCU and {:.1} RCU", cost.wcu, cost.rcu)
}
