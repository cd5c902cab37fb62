//! What the requests that register and change a notice share.

use crate::{
    api::{Error, Fields, Request, Validated},
    domain::{
        ResourceKind, Timestamp,
        consent_notice::{
            ChangeKind, Contact, DATA_ITEMS, DataItem, DataItemCode, DataItemDescription, Edition, Email,
            GrievanceOfficer, ITEMISED_BYTES, Language, Link, NoticeContent, NoticeId, NoticeLinks, NoticeParticulars,
            NoticePurpose, NoticeText, NoticeTitle, NoticeVersion, OfficerName, PURPOSES, PURPOSES_BYTES, Phone,
            PurposeCode, PurposeDescription, Restriction, Services,
        },
    },
};

/// The version of a notice in a language that the path names.
pub fn edition(request: &Request) -> Result<Edition, Error> {
    const KIND: ResourceKind = ResourceKind::ConsentNotice;
    Ok(Edition {
        notice_id: request.path("noticeId", NoticeId::parse, KIND)?,
        version: request.path("version", NoticeVersion::parse, KIND)?,
        language: request.path("language", Language::parse, KIND)?,
    })
}

/// Reads the text of a notice.
pub fn notice_text(fields: &mut Fields) -> Validated<NoticeText> {
    let title = fields.text("title", NoticeTitle::parse);
    let content = fields.text("content", NoticeContent::parse);
    let purposes = fields.objects("purposes", PURPOSES, purpose);
    let particulars = particulars(fields);
    let itemised = match (&purposes, &particulars) {
        (Ok(purposes), Ok(particulars)) => itemised(fields, purposes, particulars),
        _ => Ok(()),
    };
    let contact = fields.optional_text("dataFiduciaryContact", Contact::parse);
    let officer = fields.optional_object("grievanceOfficer", |officer| {
        let name = officer.text("name", OfficerName::parse);
        let email = officer.text("email", Email::parse);
        let phone = officer.optional_text("phone", Phone::parse);
        Ok(GrievanceOfficer { name: name?, email: email?, phone: phone? })
    });
    let text = NoticeText {
        title: title?,
        content: content?,
        purposes: purposes?,
        particulars: particulars?,
        data_fiduciary_contact: contact?,
        grievance_officer: officer?,
    };
    itemised.map(|()| text)
}

fn purpose(purpose: &mut Fields) -> Validated<NoticePurpose> {
    let code = purpose.unique_text("code", PurposeCode::parse);
    let description = purpose.text("description", PurposeDescription::parse);
    let data_items = purpose.optional_texts("dataItems", DATA_ITEMS, DataItemCode::parse);
    let services = purpose.optional_text("services", Services::parse);
    let necessary = purpose.optional_flag("necessary");
    let restricted = purpose.optional_text("restricted", Restriction::parse);
    Ok(NoticePurpose {
        code: code?,
        description: description?,
        data_items: data_items?.unwrap_or_default(),
        services: services?,
        necessary: necessary?,
        restricted: restricted?,
    })
}

fn particulars(fields: &mut Fields) -> Validated<NoticeParticulars> {
    let data_items = fields.optional_objects("dataItems", DATA_ITEMS, |item| {
        let code = item.unique_text("code", DataItemCode::parse);
        let description = item.text("description", DataItemDescription::parse);
        Ok(DataItem { code: code?, description: description? })
    });
    let links = fields.optional_object("links", |links| {
        let withdraw = links.optional_text("withdraw", Link::parse);
        let rights = links.optional_text("rights", Link::parse);
        let complaint = links.optional_text("complaint", Link::parse);
        Ok(NoticeLinks { withdraw: withdraw?, rights: rights?, complaint: complaint? })
    });
    let change = fields.optional_text("change", ChangeKind::parse);
    let reconsent_by = fields.optional_text("reconsentBy", Timestamp::parse);
    if let (Ok(Some(ChangeKind::Editorial)), Ok(Some(_))) = (change, reconsent_by) {
        return Err(fields.error("reconsentBy", "is for a material change only"));
    }
    Ok(NoticeParticulars {
        data_items: data_items?.unwrap_or_default(),
        links: links?,
        change: change?,
        reconsent_by: reconsent_by?,
    })
}

/// Checks that the purposes name data items of the notice, and the size of both together.
fn itemised(fields: &mut Fields, purposes: &[NoticePurpose], particulars: &NoticeParticulars) -> Validated<()> {
    let items = &particulars.data_items;
    let mut valid = Ok(());
    for (position, purpose) in purposes.iter().enumerate() {
        for (index, code) in purpose.data_items.iter().enumerate() {
            if !items.iter().any(|item| item.code == *code) {
                let field = format!("purposes[{position}].dataItems[{index}]");
                valid = Err(fields.error(&field, "is not the code of one of the notice's dataItems"));
            }
        }
    }
    let of_purpose = |purpose: &NoticePurpose| {
        let codes: usize = purpose.data_items.iter().map(|code| code.as_str().len()).sum();
        let services = purpose.services.as_ref().map_or(0, |services| services.as_str().len());
        purpose.code.as_str().len() + purpose.description.as_str().len() + codes + services
    };
    let of_item = |item: &DataItem| item.code.as_str().len() + item.description.as_str().len();
    let bytes = purposes.iter().map(of_purpose).sum::<usize>() + items.iter().map(of_item).sum::<usize>();
    let is_bare =
        items.is_empty() && purposes.iter().all(|purpose| purpose.services.is_none() && purpose.data_items.is_empty());
    let (most, what) = if is_bare { (PURPOSES_BYTES, "") } else { (ITEMISED_BYTES, " with the dataItems") };
    if bytes > most {
        let message = format!("must be at most {most} bytes together{what}, but have {bytes}");
        valid = Err(fields.error("purposes", message));
    }
    valid
}
