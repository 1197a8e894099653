//! Reads what the contract check found in all processes of a test run, prints it, and fails if anything is wrong or
//! nothing was checked.

use std::{env, fs, path::Path, process::ExitCode};

use sandbox::contract::{CONTRACT_VARIABLE, Contract, REPORT_VARIABLE, Summary};

fn main() -> ExitCode {
    match judge() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("contract: {why}");
            ExitCode::FAILURE
        }
    }
}

fn judge() -> Result<bool, String> {
    let path = |variable| env::var_os(variable).ok_or_else(|| format!("{variable} is not set"));
    let described = Contract::load(Path::new(&path(CONTRACT_VARIABLE)?))?.operations();
    let report = path(REPORT_VARIABLE)?;
    let text =
        fs::read_to_string(&report).map_err(|error| format!("{}: {error}", Path::new(&report).display()))?;
    let summary = Summary::read(&text).map_err(|error| error.to_string())?;
    println!("{summary} (the contract has {described} operations)");
    Ok(summary.passes())
}
