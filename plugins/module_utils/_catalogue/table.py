# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the editor of security levels offers, as one table. Private to the collection; read it through `_catalogue`.

A line that starts with `==` opens a section, `--` a group (`--` alone: settings without a group). One line is one setting:

    kind  id | label | values ... | confidence

`row`     four cells: View, Add, Edit, Delete. Values from most to least, separated by `/`; `"text"` is a cell of fixed text; `-` is no cell.
`grid`    four check boxes: View (Query), Add, Edit (Update), Delete. Each cell says how we know of it.
`list`    a drop-down with its values from most to least.
`box`     a check box.  `number`  a number, from the smallest to the largest value.  `text`, `fixed`  the header of the page.
`unread`  something is there, but nobody who wrote about it could read its label. A section that has nothing else, as Workforce Management, which is
          only there where the workforce scheduler is on, is worked on as one of those that nobody knows: a level takes all of it away, or nothing.

Indented lines belong to what stands above them:

`aliases`       other spellings, separated by `;` (capitals, punctuation, spaces and the word "and" don't matter and need no alias)
`needs`         the box that must be ticked before this one can be; it stands further up, because the order here is the order of the steps
`default`       the state in "API User (system)" where that is not the most permissive one (`unknown`: no source says)
`values`        confidence of the values, where it differs from that of the label
`only`          the levels that have it
`one-way`       what can't be taken back
`not copied`    why a fresh copy is expected not to have it, whatever its source has
`operator`      what the person who edits the level must hold
`label unread`  no source prints the label; the one given is ours, and the text describes the box

`{Organization}`, `{Device}` and their plurals stand for the tenant's own words.

Confidence: `documented` in the vendor's help, `vendor_guide` in a published integration guide, `ui_copy_2017` in a look-alike of 2017,
`inferred`. Nothing here was checked against a live tenant.
"""

from __future__ import annotations

TABLE = """
== General Information
--
text   general.name                    | Name                                                   | 50                            | documented
    aliases: Security Level Name
box    general.active                  | Active                                                 |                               | vendor_guide
fixed  general.license_type            | License Type                                           | inherited from the source     | vendor_guide
    aliases: Licence Type
-- Feature/Section Access
fixed  general.feature_section_access  | Feature/Section Access                                 | inherited from the source     | documented
    aliases: Module Access

== Contracts
-- Object Permissions
row    contracts.contracts             | Contracts                                  | All/{Organizations}/None | Yes/No | - | - | documented
--
list   contracts.contract_visibility   | Contract Visibility                                    | Full/Limited/None             | documented
    aliases: Contract Visibility (for contracts you have access to); Contact Visibility
    values: inferred
box    contracts.modify_internal_costs | Can modify contract Internal Costs                     |                               | vendor_guide
box    contracts.modify_service_bundle | Can modify Service/Bundle on contract charges          |                               | vendor_guide
    aliases: Can modify Service/Bundle on contract changes
box    contracts.create_invoices_from_ticket | Can create invoices from Ticket and Won Quote Wizard |                           | documented
box    contracts.access_invoice_history | Can access Invoice History, (Invoice) Export Wizard and Payments |                     | documented
list   contracts.approve_post          | Can Approve & Post | All/Where I am Account Manager/Where I am Project Lead/None       | ui_copy_2017
    aliases: Can Approve and Post
    values: documented

== CRM
-- {Organization} & Contact Access
    aliases: Company Type
list   crm.access.customer_cancelation | Customer & Cancelation                                 | All/My Territories/Mine/None  | vendor_guide
    aliases: Customer & Cancellation; Customer & Cancelations; Customers and Canceled
    values: ui_copy_2017
list   crm.access.vendor_partners      | Vendor & Partners                                      | All/None                      | vendor_guide
    aliases: Vendors & Partners
    values: ui_copy_2017
list   crm.access.prospects_leads_dead | Prospects, Leads, & Dead                               | All/My Territories/Mine/None  | vendor_guide
    aliases: Prospects, Leads and Dead
    values: ui_copy_2017
-- Object Permissions
row    crm.organizations               | {Organizations}                     | "see above"   | Yes/No | All/Mine/None | All/Mine/None | vendor_guide
    aliases: {Organization}
row    crm.contacts                    | Contacts           | "see above" | Yes/No | "follows Organizations" | "follows Organizations" | vendor_guide
    values: vendor_guide
row    crm.opportunities_quotes        | Opportunities & Quotes              | All/Mine/None | Yes/No | All/Mine/None | All/Mine/None | documented
    values: ui_copy_2017
row    crm.sales_orders                | Sales Orders                        | All/Mine/None | "not applicable" | All/Mine/None | All/Mine/None | vendor_guide
    values: ui_copy_2017
row    crm.devices_subscriptions       | Configuration Items & Subscriptions | All/None      | Yes/No | All/None      | All/None      | vendor_guide
    aliases: {Devices} & Subscriptions
row    crm.device_notes                | Configuration Item Notes | "follows the device" | "follows the device" | All/Mine/None | All/Mine/None | vendor_guide
    aliases: {Device} Notes
    values: inferred
row    crm.notes                       | Notes                    | "follows organization access" | Yes/No | All/Mine/None | All/Mine/None | vendor_guide
    values: ui_copy_2017
row    crm.todos                       | To-Dos                   | "follows organization access" | Yes/No | All/Mine/None | All/Mine/None | vendor_guide
    aliases: To-Do's
    values: documented
row    crm.attachments                 | Attachments                         | All/None      | Yes/No | "not applicable" | All/Mine/None | vendor_guide
    values: ui_copy_2017
-- Feature Access
box    crm.feature.contact_group_manager   | Contact Group Manager                              |                               | ui_copy_2017
box    crm.feature.reports_export          | Reports > Export                                   |                               | ui_copy_2017
box    crm.feature.device_discovery_wizard | Device Discovery Wizard                            |                               | ui_copy_2017
box    crm.feature.quote_templates         | Can Manage Quote Templates and Quote Email Messages Outside of Admin |             | ui_copy_2017
-- Opportunity Checklist Permissions
unread crm.opportunity_checklist       | (check boxes that no source names)                     |                               | documented
-- Other Permissions
box    crm.other.modify_account_manager    | Can modify Account Manager (reassign {Organizations}) |                            | ui_copy_2017
box    crm.other.modify_opportunity_owner  | Can modify Opportunity Owner (reassign Opportunities) |                            | ui_copy_2017
box    crm.other.display_all_organizations | Display ALL {organizations} in {organization} pick lists and data selectors |      | ui_copy_2017
--
list   crm.dashboard_display           | Dashboard Display                                      |                               | ui_copy_2017
    values: unknown
    default: unknown

== Inventory
-- Object Permissions
row    inventory.locations             | Inventory Locations                 | All/None      | Yes/No | "mirrors Add" | All/None | documented
    aliases: Inventory Locations and Items
row    inventory.items                 | Items                               | All/None      | Yes/No | "mirrors Add" | All/None | ui_copy_2017
    aliases: Inventory Products and Stocked Items; Inventory Items; Inventory Locations and Items
    values: documented
row    inventory.products              | Products                            | All/None      | Yes/No | "mirrors Add" | All/None | vendor_guide
    values: ui_copy_2017
row    inventory.purchase_orders       | Purchase Orders                     | All/None      | Yes/No | "mirrors Add" | All/None | ui_copy_2017
-- Feature Access
box    inventory.feature.approve_reject | Approve/Reject Items                                  |                               | ui_copy_2017
box    inventory.feature.receive       | Receive Items                                          |                               | ui_copy_2017
box    inventory.feature.deliver_ship  | Deliver/Ship Items                                     |                               | ui_copy_2017
box    inventory.feature.transfer      | Transfer Items                                         |                               | ui_copy_2017

== Projects
-- Permission Per Project Type
row    projects.client_internal        | Client & Internal                   | All/Mine/None | Yes/No | - | - | documented
row    projects.proposals              | Proposals                           | All/Mine/None | Yes/No | - | - | ui_copy_2017
    aliases: Proposal
    values: documented
row    projects.templates              | Project Templates                   | All/Mine/None | Yes/No | - | - | ui_copy_2017
    aliases: Templates
    values: documented
-- Time Entry Permissions
box    projects.time.modify_contract        | Can modify Contract on task and issue time entries |                              | ui_copy_2017
    aliases: Can modify Contract on task time entries
box    projects.time.modify_non_billable    | Can modify Non-Billable setting on task and issue time entries |                  | ui_copy_2017
    aliases: Can modify Non-Billable setting on task time entries
box    projects.time.modify_show_on_invoice | Can modify Show on Invoice setting on task and issue time entries |               | ui_copy_2017
    aliases: Can modify Show on Invoice setting on task time entries
box    projects.time.modify_work_type       | Can modify Work Type on task and issue time entries |                             | ui_copy_2017
    aliases: Can modify Work Type on task time entries
box    projects.time.modify_service_bundle  | Can modify Service/Bundle on task/issue time entries and project charges |        | ui_copy_2017
    aliases: Can modify Service/Bundle on task time entries and project charges
--
list   projects.enter_time_on | Can enter time on | All Tasks/My Tasks & Department Tasks/My Tasks & Unassigned Department Tasks/My Tasks | ui_copy_2017
-- Task Checklist Permissions
unread projects.task_checklist         | (check boxes that no source names)                     |                               | documented
-- Other Permissions
box    projects.other.view_internal_cost | Can view internal Cost data (in Projects module)     |                               | ui_copy_2017

== Service Desk
-- Object Permissions
row    service_desk.tickets            | Tickets                 | All/Mine + {Organizations}/Mine | Yes/No | Yes/No | All/Mine/None | documented
row    service_desk.ticket_notes       | Ticket Notes            | "follows Tickets" | "follows Tickets" | All/Mine/None | All/Mine/None | documented
    values: vendor_guide
row    service_desk.service_calls      | Service Calls           | All/Mine + {Organizations}/Mine | Yes/No | Yes/No | All/Mine/None | documented
    values: vendor_guide
row    service_desk.charges            | Charges                 | All/None | Yes/No | All/Mine/None | All/Mine/None | vendor_guide
    values: inferred
row    service_desk.expenses           | Expenses                | All/None | Yes/No | All/Mine/None | All/Mine/None | vendor_guide
    values: inferred
-- Time Entry Permissions
box    service_desk.time.modify_contract        | Can modify Contract on ticket time entries    |                               | inferred
box    service_desk.time.modify_non_billable    | Can modify Non-Billable setting on ticket time entries |                      | documented
box    service_desk.time.modify_show_on_invoice | Can modify Show on Invoice setting on ticket time entries |                   | documented
box    service_desk.time.modify_work_type       | Can modify Work Type on ticket time entries   |                               | documented
box    service_desk.time.modify_service_bundle  | Can modify Service/Bundle on ticket time entries and ticket charges |         | inferred
    aliases: Can modify Service/Bundle on ticket time entries and charges
-- Ticket Checklist Permissions
unread service_desk.ticket_checklist   | (check boxes that no source names)                     |                               | documented
-- Other Permissions
box    service_desk.other.edit_completed_status  | Can edit Status of complete tickets          |                               | vendor_guide
    aliases: Can edit Status of completed tickets
box    service_desk.other.view_non_billable_time | Can view non-billable time entries (Resources can see their own time entries) | | vendor_guide
    aliases: Can view non-billable time entries
box    service_desk.other.administer_tags        | Can administer tags and tag groups           |                               | vendor_guide
box    service_desk.other.remove_tags            | Can remove tags from tickets                 |                               | vendor_guide
box    service_desk.other.dispatch_calendar      | Can access Dispatch Calendar                 |                               | inferred
box    service_desk.other.view_internal_cost     | Can view internal Cost data (in Service Desk module) |                       | inferred

== Documents & Knowledge Base
    aliases: Knowledge Base & Documents; Documents & Knowledgebase; Documents
-- Knowledge Base
box    kb.access_knowledge_base        | Can access Knowledge Base                              |                               | documented
    aliases: Can access Knowledgebase
box    kb.manage_knowledge_base        | Can manage Knowledge Base                              |                               | inferred
    aliases: Can manage Knowledge Base articles
    needs: kb.access_knowledge_base
-- Documents
box    kb.access_documents             | Can access Documents                                   |                               | inferred
box    kb.manage_documents             | Can manage Documents                                   |                               | inferred
    needs: kb.access_documents

== Reports
-- Can view standard reports in the following categories:
box    reports.category.crm            | CRM                                                    |                               | documented
box    reports.category.projects       | Projects                                               |                               | documented
box    reports.category.service_desk   | Service Desk                                           |                               | documented
box    reports.category.contracts_billing | Contracts & Billing                                 |                               | documented
box    reports.category.resources      | Resources                                              |                               | documented
box    reports.category.time_expenses  | Time & Expenses                                        |                               | documented
box    reports.category.executive      | Executive                                              |                               | documented
box    reports.category.other          | Other                                                  |                               | documented
box    reports.category.admin          | Admin                                                  |                               | documented
-- LiveReports
    aliases: LiveReports Permissions
box    reports.livereports.designer    | Can access LiveReports Designer                        |                               | documented
box    reports.livereports.folders     | Can manage LiveReports folders                         |                               | documented
box    reports.livereports.publish     | Can publish LiveReports                                |                               | documented
box    reports.livereports.schedule    | Can schedule LiveReports                               |                               | documented

== Timesheets
    aliases: Timesheet
-- Feature Access
box    timesheets.payroll_reports      | Can access Time Off and Payroll reports                |                               | inferred
    aliases: Can access Time-Off & Payroll Reports
    needs: reports.category.time_expenses
box    timesheets.paid_exported        | Can access Paid / Exported Timesheets                  |                               | inferred
    aliases: Can access Paid & Exported Timesheets
box    timesheets.create_project_time  | Can create new project time entries from Timesheet     |                               | documented
box    timesheets.time_off_without_times | Can submit time off requests without start and end times |                           | documented
    label unread: the box that lets time off be requested without start and end times
    default: unknown

== Admin
-- Feature Access
box    admin.application_wide_full_access | Application-wide (Shared) Features (Full Access)    |                               | documented
    aliases: Application-wide (Shared) Features
box    admin.your_organization         | Your Organization                                      |                               | documented
box    admin.resources_users_hr        | Resources/Users (HR)                                   |                               | documented
    aliases: ResourcesUsers (HR)
box    admin.organizations_contacts    | {Organizations} & Contacts                             |                               | vendor_guide
box    admin.service_desk_tickets      | Service Desk (Tickets)                                 |                               | documented
box    admin.projects_tasks            | Projects & Tasks                                       |                               | documented
box    admin.sales_opportunities       | Sales & Opportunities                                  |                               | documented
box    admin.products_services_inventory | Products, Services, & Inventory                      |                               | documented
    aliases: Products & Services
box    admin.devices                   | {Devices}                                              |                               | documented
box    admin.finance_accounting_invoicing | Finance, Accounting, & Invoicing                    |                               | documented
    aliases: Finance, Accounting and Invoicing
box    admin.contracts_unposting       | Contracts & Un-Posting                                 |                               | documented
box    admin.tagging                   | Tagging                                                |                               | vendor_guide
    aliases: Tags
box    admin.livereports               | LiveReports                                            |                               | inferred
    aliases: Live Reports
    default: unknown
box    admin.workflow_rules            | Workflow Rules                                         |                               | documented
box    admin.email_notifications_surveys | Email Notifications & Surveys                        |                               | documented
box    admin.add_ons                   | Add-Ons                                                |                               | inferred
    default: unknown
box    admin.client_portal_taskfire    | Client Portal & Taskfire                               |                               | documented
    aliases: Client Portal
box    admin.microsoft_extensions      | Microsoft Extensions                                   |                               | documented
box    admin.quickbooks_extension      | QuickBooks Extension                                   |                               | documented
    aliases: QuickBooks Extension (New); QuickBooks Extensions; QuickBooks Extension Admin
box    admin.rmm_extensions            | Remote Monitoring & Management Extensions              |                               | inferred
    aliases: Remote Monitoring & Management
    default: unknown
box    admin.other_extensions_tools    | Other Extensions & Tools                               |                               | documented
box    admin.kaseya_integrations       | Kaseya Integrations                                    |                               | documented
-- Cooper Copilot
unread admin.cooper_copilot            | (settings that no source names)                        |                               | documented

== Other
-- Resources/Users (HR)
box    other.hr.view_internal_cost     | Can view Internal Cost section on New/Edit Resource page |                             | documented
    operator: must hold this permission to tick it, even on a copy that has it
--
box    other.dashboard.add_edit_widgets_tabs | Can add/edit Dashboard tabs and widgets          |                               | documented
    label unread: the box about adding and editing dashboard tabs and widgets, above "Can manage shared Dashboard tabs"
box    other.dashboard.manage_shared_tabs    | Can manage shared Dashboard tabs                 |                               | documented
    needs: other.dashboard.add_edit_widgets_tabs
    default: unknown
box    other.dashboard.offer_widgets         | Can offer Dashboard widgets to other Resources   |                               | documented
    needs: other.dashboard.add_edit_widgets_tabs
    default: unknown
-- Surveys
box    other.surveys.view_organization_contact_ratings | Can view {organization} and contact survey ratings |                   | inferred
    label unread: the box about the survey ratings of organizations and contacts
    default: unknown
box    other.surveys.view_resource_ratings | Can view resource survey ratings                   |                               | inferred
    label unread: the box about the survey ratings of resources
    default: unknown
-- Resource Visibility
box    other.resource_visibility.limit | Limit resource availability to self, plus (check all that apply) |                     | documented
    default: off
box    other.resource_visibility.line_of_business | Resources with a shared/common active Division > Line of Business |         | documented
    needs: other.resource_visibility.limit
    default: off
box    other.resource_visibility.organization | Resources with a shared/common active {Organization} (based on Account Manager or Account Team) | | documented
    needs: other.resource_visibility.limit
    default: off
box    other.resource_visibility.department | Resources with a shared/common Department         |                               | documented
    needs: other.resource_visibility.limit
    default: off
box    other.resource_visibility.workgroup | Resources with a shared/common active Workgroup    |                               | documented
    needs: other.resource_visibility.limit
    default: off
-- Client Portal
box    other.client_portal.edit_user_settings | Can edit Client Portal User Settings on Contact Edit/Detail page |              | documented
    aliases: Can add/edit contact security level via Contact Manager
    default: unknown
box    other.client_portal.preview     | Can preview Client Portal                              |                               | documented
    default: unknown
-- Form Templates
unread other.form_templates.unread     | (rows that no source names)                            |                               | documented
-- QuickBooks (New)
unread other.quickbooks_new.unread     | (rows that no source names)                            |                               | documented
-- Webhooks
box    other.webhooks.can_create       | Can create Webhooks                                    |                               | vendor_guide
    aliases: Create Company Webhooks
    default: off
    only: API-only
number other.webhooks.maximum_number   | Maximum number of Webhooks                             | 1..999                        | vendor_guide
    needs: other.webhooks.can_create
    default: unknown
    only: API-only
-- Miscellaneous
box    other.misc.password_does_not_expire | Not required to change password (password does not expire) |                       | documented
    aliases: Not required to change password
    default: unknown
    only: API-only
    not copied: three guides tell to tick it on a copy
box    other.misc.view_internal_cost   | Can view internal cost data (excludes New/Edit Resource page) |                        | vendor_guide
    aliases: Can view internal cost data; Can View Internal Cost and Sensitive Data
    default: unknown
box    other.misc.export_grid_data     | Can export Grid Data                                   |                               | documented
    default: unknown
box    other.misc.executive_dashboard  | Can access Executive Dashboard                         |                               | inferred
    default: unknown
box    other.misc.global_notes_search  | Can access Global Notes Search                         |                               | inferred
    default: unknown
box    other.misc.coworker_profile     | Can access Co-Worker profile information               |                               | inferred
    aliases: Can access Co-Worker profile information(contract & up-posting)
    default: unknown
box    other.misc.news_feed            | Can access News Feed                                   |                               | inferred
    default: unknown
box    other.misc.public_team_walls    | Can access public Team Walls                           |                               | inferred
    default: unknown
box    other.misc.private_team_walls   | Can access all private Team Walls                      |                               | inferred
    default: unknown
box    other.misc.billing_portal       | Can access Billing Portal                              |                               | inferred
    default: unknown

== Web Services API
-- Feature Access
box    wsapi.can_login | Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels) | | documented
    aliases: Can login to Web Services API
    one-way: once it is cleared and saved it can't be ticked again
-- Resource Impersonation
box    wsapi.allow_impersonation       | Allow impersonation of resources with this security level |                            | documented
    default: off
    only: not API-only
grid   wsapi.resource_impersonation.tickets             | Tickets             | reported | reported | reported | unknown | vendor_guide
grid   wsapi.resource_impersonation.organizations       | {Organization}      | reported | inferred | unknown  | unknown | vendor_guide
    aliases: {Organizations}
grid   wsapi.resource_impersonation.projects            | Projects            | unknown  | inferred | reported | unknown | vendor_guide
grid   wsapi.resource_impersonation.project_notes       | Project Notes       | unknown  | reported | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.task_notes          | Task Notes          | unknown  | reported | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.ticket_notes        | Ticket Notes        | unknown  | inferred | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.time_entries        | Time Entries        | unknown  | inferred | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.organization_notes  | {Organization} Notes | unknown | inferred | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.contract_notes      | Contract Notes      | unknown  | inferred | inferred | unknown | vendor_guide
grid   wsapi.resource_impersonation.contacts            | Contacts            | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.todos               | To-Dos              | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.devices             | {Devices}           | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.device_notes        | {Device} Notes      | unknown  | inferred | inferred | unknown | inferred
grid   wsapi.resource_impersonation.subscriptions       | Subscriptions       | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.opportunities       | Opportunities       | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.quotes              | Quotes              | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.sales_orders        | Sales Orders        | unknown  | unknown  | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.service_calls       | Service Calls       | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.products            | Products            | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.product_notes       | Product Notes       | unknown  | inferred | inferred | unknown | inferred
grid   wsapi.resource_impersonation.inventory_items     | Inventory Items     | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.inventory_locations | Inventory Locations | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.purchase_orders     | Purchase Orders     | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.resource_impersonation.attachments         | Attachments         | reported | reported | reported | reported | vendor_guide
-- Contact Impersonation
grid   wsapi.contact_impersonation.tickets              | Tickets             | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.contact_impersonation.ticket_notes         | Ticket Notes        | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.contact_impersonation.project_notes        | Project Notes       | unknown  | inferred | unknown  | unknown | inferred
grid   wsapi.contact_impersonation.task_notes           | Task Notes          | unknown  | inferred | unknown  | unknown | inferred

== Workforce Management
--
unread workforce.triage                | (a box for the dashboard and analytics of Smart Ticket Triage, and one for feedback on it) | | documented
"""
# Labels that older material prints in another section: where they are today (vendor's help on Knowledge Base, LiveReports and Web Services API).
MOVED = {
    ("Other", "Can access Knowledge Base"): "Documents & Knowledge Base",
    ("Other", "Can login to Web Services API"): "Web Services API",
    ("Other", "Can access LiveReports Designer"): "Reports",
    ("Other", "Can manage LiveReports folders"): "Reports",
    ("Other", "Can publish LiveReports"): "Reports",
    ("Other", "Can schedule LiveReports"): "Reports",
}
# Seen once, and not placeable: a guide prints a row whose section heading was lost; a box of 2017 has no successor.
UNPLACED = {
    "Resources": "one guide prints a row Resources (View, Add, Edit, Delete), but not in which section it stands",
    "Can access Timesheet module reports": "a box of 2017 that the editor no longer has; see the report categories in the section Reports",
}
