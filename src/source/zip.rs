//! Reading the members of a zip archive: through its directory, or one after the other from the front where the
//! directory cannot be read.

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use ::zip::ZipArchive;
use ::zip::read::{ZipFile, read_zipfile_from_stream};
use ::zip::result::ZipError;

use super::package::{self, Package};
use super::reader::Reader;
use crate::article::{Format, Place};

/// Reads an archive that is nested `depth` levels deep.
pub(super) fn read<R: Read + Seek>(
    reader: &mut Reader<'_>,
    mut input: R,
    place: &Place,
    depth: u32,
) -> ControlFlow<()> {
    match ZipArchive::new(&mut input) {
        Ok(archive) if package::kind(archive.file_names().flatten()) == Some(Package::Word) => {
            drop(archive);
            match input.rewind() {
                Ok(()) => reader.one_document(&mut input, Format::Word, place),
                Err(cause) => reader.fault(place.clone(), &cause),
            }
        }
        Ok(mut archive) => by_table(reader, &mut archive, place, depth),
        Err(_) if package::kind_by_name(place).is_some() => {
            package::kind_by_name(place).map_or(ControlFlow::Continue(()), |kind| package::read(reader, kind, place))
        }
        Err(cause) => {
            let told = reader.told;
            if input.rewind().is_ok() {
                in_a_row(reader, &mut input, place, depth)?;
            }
            if reader.told > told {
                return ControlFlow::Continue(()); // The member that is cut says it.
            }
            let what =
                format!("its table of contents cannot be read ({}): the file is cut off or damaged", text(&cause));
            reader.damaged(place.clone(), what)
        }
    }
}

fn by_table<R: Read + Seek>(
    reader: &mut Reader<'_>,
    archive: &mut ZipArchive<R>,
    place: &Place,
    depth: u32,
) -> ControlFlow<()> {
    let names = || archive.file_names().flatten();
    if let Some(kind) = package::kind(names()) {
        return package::read(reader, kind, place);
    }
    let is_web_archive = package::is_web_archive(names());
    for index in 0..archive.len() {
        if !reader.count_member(place)? {
            break;
        }
        let known = archive.name_for_index(index).and_then(Result::ok).map(|name| name.into_owned());
        if is_web_archive && !known.as_deref().is_some_and(package::is_part_of_web_archive) {
            continue;
        }
        match archive.by_index(index) {
            Ok(mut member) => one(reader, &mut member, place, depth)?,
            Err(cause) => {
                let member = known.unwrap_or_else(|| format!("#{}", index + 1));
                reader.damaged(Place { member: Some(member), ..place.clone() }, text(&cause))?;
            }
        }
    }
    ControlFlow::Continue(())
}

fn in_a_row<R: Read>(reader: &mut Reader<'_>, input: &mut R, place: &Place, depth: u32) -> ControlFlow<()> {
    while let Ok(Some(mut member)) = read_zipfile_from_stream(input) {
        if !reader.count_member(place)? {
            break;
        }
        one(reader, &mut member, place, depth)?;
    }
    ControlFlow::Continue(())
}

fn one<R: Read>(reader: &mut Reader<'_>, member: &mut ZipFile<'_, R>, place: &Place, depth: u32) -> ControlFlow<()> {
    if member.is_dir() || member.is_symlink() {
        return ControlFlow::Continue(());
    }
    let name = match member.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(member.name_raw()).into_owned(),
    };
    reader.member(member, &name, place, depth)
}

fn text(cause: &ZipError) -> String {
    cause.to_string()
}
