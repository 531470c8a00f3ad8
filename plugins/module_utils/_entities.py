# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Names of Autotask's REST API that several parts speak of, and the shapes of what it shows. Private to the collection."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from ._text import compared

WEBHOOK_ENTITIES = ("CompanyWebhooks", "ConfigurationItemWebhooks", "ContactWebhooks", "TicketNoteWebhooks", "TicketWebhooks")
# What can be done with an entity, and the end of the name under which entityInformation tells whether the caller may.
OPERATIONS = {"query": "Query", "create": "Create", "update": "Update", "delete": "Delete"}

SYSTEM_SOURCE = "API User (system)"
SYSTEM_API_LEVELS = (SYSTEM_SOURCE, "API User (system) Can't Read Costs")


def is_system(name: str) -> bool:
    """Whether the name is that of a system level: `(system)` ends it, but for one of the two for API users (Autotask help, System_Security_Levels).

    Guides have people call their own levels `API User (system) with Webhooks`.
    """
    seen = compared(name)
    return seen.endswith("(system)") or seen in [compared(level) for level in SYSTEM_API_LEVELS]


def same_key(one: str, other: str) -> bool:
    """Whether two texts are the same Username (Key); REST may show it without its domain."""
    return one.partition("@")[0] == other.partition("@")[0]


# What REST can be asked about, by the names in its addresses: those that the vendor's description of August 2026 has `entityInformation` of.
_NAMES = """
ActionTypes AdditionalInvoiceFieldValues Appointments ArticleAttachments ArticleConfigurationItemCategoryAssociations ArticleNotes
ArticlePlainTextContent ArticleTagAssociations ArticleTicketAssociations ArticleToArticleAssociations ArticleToDocumentAssociations AttachmentInfo
BillingCodes BillingItemApprovalLevels BillingItems ChangeOrderCharges ChangeRequestLinks ChecklistLibraries ChecklistLibraryChecklistItems
ClassificationIcons ClientPortalUsers ComanagedAssociations Companies CompanyAlerts CompanyAttachments CompanyCategories CompanyLocations
CompanyNoteAttachments CompanyNotes CompanySiteConfigurations CompanyTeams CompanyToDos CompanyWebhookExcludedResources CompanyWebhookFields
CompanyWebhookUdfFields CompanyWebhooks ConfigurationItemAttachments ConfigurationItemBillingProductAssociations ConfigurationItemCategories
ConfigurationItemCategoryUdfAssociations ConfigurationItemDnsRecords ConfigurationItemNoteAttachments ConfigurationItemNotes
ConfigurationItemRelatedItems ConfigurationItemSslSubjectAlternativeNames ConfigurationItemTypes ConfigurationItemWebhookExcludedResources
ConfigurationItemWebhookFields ConfigurationItemWebhookUdfFields ConfigurationItemWebhooks ConfigurationItems ContactBillingProductAssociations
ContactGroupContacts ContactGroups ContactWebhookExcludedResources ContactWebhookFields ContactWebhookUdfFields ContactWebhooks Contacts
ContractBillingRules ContractBlockHourFactors ContractBlocks ContractCharges ContractExclusionBillingCodes ContractExclusionRoles
ContractExclusionSetExcludedRoles ContractExclusionSetExcludedWorkTypes ContractExclusionSets ContractMilestones ContractNoteAttachments
ContractNotes ContractRates ContractRetainers ContractRoleCosts ContractServiceAdjustments ContractServiceBundleAdjustments
ContractServiceBundleUnits ContractServiceBundles ContractServiceUnits ContractServices ContractTicketPurchases Contracts Countries Currencies
DeletedTaskActivityLogs DeletedTicketActivityLogs DeletedTicketLogs Departments DocumentAttachments DocumentCategories DocumentChecklistItems
DocumentChecklistLibraries DocumentConfigurationItemAssociations DocumentConfigurationItemCategoryAssociations DocumentNotes
DocumentPlainTextContent DocumentTagAssociations DocumentTicketAssociations DocumentToArticleAssociations DocumentToDocumentAssociations Documents
DomainRegistrars ExpenseItemAttachments ExpenseItems ExpenseReportAttachments ExpenseReports HolidaySets Holidays IntegrationVendorInsights
IntegrationVendorWidgets InternalLocationWithBusinessHours InternalLocations InventoryItemSerialNumbers InventoryItems InventoryLocations
InventoryProducts InventoryStockedItems InventoryStockedItemsAdd InventoryStockedItemsRemove InventoryStockedItemsTransfer InventoryTransfers
InvoiceTemplates Invoices KnowledgeBaseArticles KnowledgeBaseCategories NotificationHistory Opportunities OpportunityAttachments
OpportunityCategories OrganizationalLevel1s OrganizationalLevel2s OrganizationalLevelAssociations OrganizationalResources PaymentTerms Phases
PriceListMaterialCodes PriceListProductTiers PriceListProducts PriceListRoles PriceListServiceBundles PriceListServices PriceListWorkTypeModifiers
ProductNotes ProductTiers ProductVendors Products ProjectAttachments ProjectCharges ProjectNoteAttachments ProjectNotes Projects PurchaseApprovals
PurchaseOrderItemReceiving PurchaseOrderItems PurchaseOrders QuoteItems QuoteLocations QuoteTemplates Quotes ResourceAttachments
ResourceDailyAvailabilities ResourceRoleDepartments ResourceRoleQueues ResourceRoles ResourceServiceDeskRoles ResourceSkills
ResourceTimeOffAdditional ResourceTimeOffApprovers ResourceTimeOffBalances Resources Roles SalesOrderAttachments SalesOrders ServiceBundleServices
ServiceBundles ServiceCallTaskResources ServiceCallTasks ServiceCallTicketResources ServiceCallTickets ServiceCalls ServiceLevelAgreementResults
Services ShippingTypes Skills SubscriptionPeriods Subscriptions SurveyResults Surveys TagAliases TagGroups Tags TaskAttachments TaskNoteAttachments
TaskNotes TaskPredecessors TaskSecondaryResources Tasks TaxCategories TaxRegions Taxes TicketAdditionalConfigurationItems TicketAdditionalContacts
TicketAttachments TicketCategories TicketCategoryFieldDefaults TicketChangeRequestApprovals TicketCharges TicketChecklistItems
TicketChecklistLibraries TicketHistory TicketNoteAttachments TicketNoteWebhookExcludedResources TicketNoteWebhookFields TicketNoteWebhooks
TicketNotes TicketRmaCredits TicketSecondaryResources TicketTagAssociations TicketWebhookExcludedResources TicketWebhookFields
TicketWebhookUdfFields TicketWebhooks Tickets TimeEntries TimeEntryAttachments TimeOffRequests TimeOffRequestsApprove TimeOffRequestsReject
UserDefinedFieldDefinitions UserDefinedFieldListItems WebhookEventErrorLogs WorkTypeModifiers
"""
ENTITIES = tuple(_NAMES.split())


class LevelFacts(TypedDict):
    """A security level as REST shows it. The name has no suffix; `system` says that it can't be changed."""

    id: int
    name: str
    active: bool
    system: bool


class UserFacts(TypedDict):
    """An API user as REST shows it: `user_name` is its key without the domain, level and location are by name."""

    id: int
    user_name: str
    first_name: str
    last_name: str
    email: str
    active: bool
    security_level: str
    location: str


class Observed(TypedDict):
    """Levels and API users, which are read together; and the names of the internal locations, where they were read now."""

    levels: list[LevelFacts]
    api_users: list[UserFacts]
    locations: NotRequired[list[str]]
