<?xml version="1.0" encoding="UTF-8"?>
<!-- Second step, written for the tests: each pattern that is one of an abstract pattern becomes its copy. -->
<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xs="http://www.w3.org/2001/XMLSchema"
                xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:f="urn:f" exclude-result-prefixes="f xs">
  <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
  <xsl:template match="sch:pattern[@abstract='true']"/>
  <xsl:template match="sch:pattern[@is-a]">
    <xsl:variable name="base" select="@is-a"/>
    <sch:pattern id="{@id}">
      <xsl:apply-templates select="//sch:pattern[@abstract='true'][@id=$base]/node()" mode="fill">
        <xsl:with-param name="params" select="sch:param" tunnel="yes"/>
      </xsl:apply-templates>
    </sch:pattern>
  </xsl:template>
  <xsl:template match="*" mode="fill">
    <xsl:copy><xsl:apply-templates select="@*|node()" mode="fill"/></xsl:copy>
  </xsl:template>
  <xsl:template match="@*" mode="fill">
    <xsl:copy/>
  </xsl:template>
  <xsl:template match="@test|@context|@select" mode="fill">
    <xsl:param name="params" tunnel="yes"/>
    <xsl:attribute name="{name()}" select="f:fill(string(.), $params)"/>
  </xsl:template>
  <xsl:template match="text()" mode="fill">
    <xsl:param name="params" tunnel="yes"/>
    <xsl:value-of select="f:fill(string(.), $params)"/>
  </xsl:template>
  <xsl:function name="f:fill" as="xs:string">
    <xsl:param name="text" as="xs:string"/>
    <xsl:param name="params" as="element()*"/>
    <xsl:variable name="found" select="concat('\$', $params[1]/@name)"/>
    <xsl:variable name="put" select="replace(replace(string($params[1]/@value), '\\', '\\\\'), '\$', '\\\$')"/>
    <xsl:sequence select="if (empty($params)) then $text else f:fill(replace($text, $found, $put), $params[position() gt 1])"/>
  </xsl:function>
</xsl:stylesheet>
